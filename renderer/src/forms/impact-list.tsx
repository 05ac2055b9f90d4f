import type { Impact } from '#shared/api/impact';
import { t } from '#shared/i18n/t';
import { AddressText } from '../ui/address-text';
import { useNow } from '../ui/clock';
import { formatAgo } from '../ui/format';
import classes from './impact-list.module.css';

/** Lists whom an edit would block (docs/behaviour.md 1.15). */
export function ImpactList({ impact }: { readonly impact: Impact }) {
  const nowMs = useNow();
  const { addresses, examples } = impact;
  const more = addresses - new Set(examples.map(({ ip }) => ip)).size;
  return (
    <ul className={classes.list} aria-label={t('operations.wouldBlockWhich')}>
      {examples.map(({ ip, keyId, keyName, count, lastAt }) => (
        <li key={`${keyId} ${ip}`}>
          <AddressText value={ip} />
          <span className={classes.calls}>
            {t('operations.wouldBlockPair', { count, key: keyName, ago: formatAgo(lastAt, nowMs) })}
          </span>
        </li>
      ))}
      {more > 0 && <li className={classes.calls}>{t('operations.wouldBlockMore', { count: more })}</li>}
    </ul>
  );
}
