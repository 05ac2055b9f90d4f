import { IconAlertTriangle } from '@tabler/icons-react';
import type { Key } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { useNow } from '../../ui/clock';
import type { Column } from '../../ui/data-grid';
import { RelativeTime } from '../../ui/relative-time';
import { adviceOf, NO_CALLS } from './advice';
import classes from './keys.module.css';

/** Columns of a list that has little room beside the details. */
export function keyColumns(endedCalls: ReadonlyMap<string, number>): readonly Column<Key>[] {
  return [
    {
      id: 'key',
      header: t('keys.name'),
      width: 'minmax(130px, 1.6fr)',
      render: (key) => (
        <div className={classes.twoLines}>
          <div className={classes.name} title={key.name}>
            {key.name}
          </div>
          <code className={classes.prefix}>{key.prefix}…</code>
        </div>
      ),
    },
    {
      id: 'status',
      header: t('keys.status'),
      width: 'minmax(104px, 1.3fr)',
      fromWidth: 296,
      render: (key) => (
        <div className={classes.twoLines}>
          <div>{statusWords(key)}</div>
          <FirstAdvice item={key} endedCalls={endedCalls.get(key.id) ?? 0} />
        </div>
      ),
    },
    {
      id: 'used',
      header: t('keys.lastUsed'),
      width: '112px',
      fromWidth: 440,
      render: ({ lastUsedAt }) => (lastUsedAt === null ? t('keys.never') : <RelativeTime at={lastUsedAt} />),
    },
    {
      id: 'secret',
      header: t('keys.secretSince'),
      width: '112px',
      fromWidth: 600,
      render: ({ createdAt, rotatedAt }) => <RelativeTime at={rotatedAt ?? createdAt} />,
    },
  ];
}

export function statusWords({ status, reportOnly }: Key): string {
  return status === 'active' && reportOnly ? t('keys.onlyReports') : t(`keys.status_${status}`);
}

interface FirstAdviceProps {
  readonly item: Key;
  readonly endedCalls: number;
}

function FirstAdvice({ item, endedCalls }: FirstAdviceProps) {
  const nowMs = useNow();
  const [first] = adviceOf(item, { ...NO_CALLS, endedCalls }, nowMs);
  if (first === undefined) return null;
  const words = t(`keys.short_${first.kind}`);
  return (
    <div className={classes.hint} title={words}>
      <IconAlertTriangle size={13} aria-hidden /> {words}
    </div>
  );
}
