import { UnstyledButton } from '@mantine/core';
import { Suspense, useId } from 'react';
import type { Outcome } from '#shared/ipc/failure';
import type { LogGroup } from '#shared/ipc/log';
import { t } from '#shared/i18n/t';
import { countryName, formatCount, networkName } from '#shared/words';
import { FailureMessage } from '../../forms/failure-message';
import type { LogDraft } from '../../stores/log-draft';
import { showLogWith } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { formatMoment } from '../../ui/format';
import { SkeletonLines } from '../../ui/skeleton-lines';
import { LazyWorldMap } from '../../ui/world-map/lazy-world-map';
import type { KeyUse } from './key-use';
import classes from './keys.module.css';

interface UsedFromProps {
  readonly keyId: string;
  readonly use: Outcome<KeyUse> | null;
}

/** From which countries and networks a key is used. Each mark leads to its calls in the log. */
export function UsedFrom({ keyId, use }: UsedFromProps) {
  const titleId = useId();
  const nowMs = useNow();
  const completeFrom = use?.ok === true ? use.value.completeFrom : null;
  return (
    <section className={classes.section} aria-labelledby={titleId}>
      <h3 id={titleId} className={classes.sectionTitle}>
        {t('keys.usedFrom')}
      </h3>
      <p className={classes.quiet}>
        {completeFrom === null
          ? t('keys.byLog')
          : t('keys.byLogSince', { since: formatMoment(completeFrom, nowMs) })}
      </p>
      {use === null && <SkeletonLines label={t('keys.loadingUse')} />}
      {use?.ok === false && <FailureMessage failure={use.failure} />}
      {use?.ok === true &&
        (use.value.networks.length === 0 ? (
          <p className={classes.none}>{t('keys.noCalls')}</p>
        ) : (
          <Places keyId={keyId} use={use.value} />
        ))}
    </section>
  );
}

function Places({ keyId, use: { countries, networks } }: { readonly keyId: string; readonly use: KeyUse }) {
  const show = (filter: Partial<LogDraft>): void => showLogWith({ keyId, ...filter });
  const unknown = countries.find(({ country }) => country === null);
  const marks = countries.flatMap(({ country, allowed, blocked }) =>
    country === null
      ? []
      : [{ country, allowed, blocked, label: callWords(countryName(country), allowed + blocked, blocked) }],
  );
  return (
    <>
      {marks.length > 0 && (
        <div className={classes.mapBox}>
          <Suspense>
            <LazyWorldMap
              label={t('pictures.callsByCountry')}
              marks={marks}
              onOpen={(country) => show({ country })}
              note={
                unknown !== undefined && (
                  <span>
                    {t('overview.countryNotKnown', {
                      count: unknown.allowed + unknown.blocked,
                      blocked: unknown.blocked,
                    })}
                  </span>
                )
              }
            />
          </Suspense>
        </div>
      )}
      <ul className={classes.networks} aria-label={t('keys.networks')}>
        {networks.map((group) => (
          <li key={group.newest.id}>
            <Network group={group} most={networks[0]?.calls ?? 1} onOpen={show} />
          </li>
        ))}
      </ul>
    </>
  );
}

function callWords(name: string, count: number, blocked: number): string {
  return t('overview.callsOf', { name, count, blocked });
}

interface NetworkProps {
  readonly group: LogGroup;
  readonly most: number;
  readonly onOpen: (filter: Partial<LogDraft>) => void;
}

function Network({ group: { newest, calls, blocked }, most, onOpen }: NetworkProps) {
  const { asn, asName } = newest;
  const name = networkName(asn, asName) ?? t('keys.networkNotKnown');
  const words = callWords(name, calls, blocked);
  return (
    <UnstyledButton
      className={classes.network}
      aria-label={words}
      title={words}
      onClick={() => onOpen({ network: { asn: asn ?? 0, asName } })}
    >
      <span className={classes.bar} style={{ width: `${(calls / most) * 100}%` }} aria-hidden>
        <span className={classes.blockedPart} style={{ width: `${(blocked / calls) * 100}%` }} />
      </span>
      <span className={classes.networkName}>{name}</span>{' '}
      <span className={classes.count}>{formatCount(calls)}</span>
    </UnstyledButton>
  );
}
