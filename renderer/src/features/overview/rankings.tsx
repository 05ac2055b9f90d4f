import { UnstyledButton } from '@mantine/core';
import { useId } from 'react';
import { t } from '#shared/i18n/t';
import type { LogGroup } from '#shared/ipc/log';
import { formatCount, networkName } from '#shared/words';
import { isNewKnown, type OverviewFigures, RANKED_FIELDS, type RankedField } from '../../stores/overview';
import type { LogDraft } from '../../stores/log-draft';
import { showLogWith } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { formatShortMoment } from '../../ui/format';
import classes from './overview.module.css';

interface Ranked {
  readonly name: (group: LogGroup) => string | undefined;
  /** Null if no filter of the log says it. */
  readonly filter: (group: LogGroup) => Partial<LogDraft> | null;
}

const RANKED: Readonly<Record<RankedField, Ranked>> = {
  keyId: {
    name: ({ newest }) => newest.keyName,
    filter: ({ newest }) => ({ keyId: newest.keyId }),
  },
  asn: {
    name: ({ newest }) => networkName(newest.asn, newest.asName),
    filter: ({ newest: { asn, asName } }) => (asn === null ? null : { network: { asn, asName } }),
  },
  address: {
    name: ({ newest }) => newest.ip,
    filter: ({ newest }) => ({ ipText: newest.ip }),
  },
};

interface RankingsProps {
  readonly fromMs: number;
  readonly figures: OverviewFigures;
}

/** The busiest keys, networks and addresses, and those that the log did not have before. Each leads to its calls in the log. */
export function Rankings({ fromMs, figures: { period, busiest, newest, timeline } }: RankingsProps) {
  const isKnown = isNewKnown(period, fromMs, timeline?.completeFrom ?? null);
  return (
    <div className={classes.rankings}>
      {RANKED_FIELDS.flatMap((field) => [
        <Ranking
          key={`busiest ${field}`}
          title={t(`overview.busiest_${field}`)}
          none={t('overview.none')}
          field={field}
          fromMs={fromMs}
          groups={busiest[field]}
        />,
        <Ranking
          key={`new ${field}`}
          title={t(`overview.new_${field}`)}
          none={t(isKnown ? 'overview.none' : 'overview.newNotKnown')}
          field={field}
          fromMs={fromMs}
          groups={isKnown ? newest[field] : []}
          isNew
        />,
      ])}
    </div>
  );
}

interface RankingProps {
  readonly title: string;
  readonly none: string;
  readonly field: RankedField;
  readonly fromMs: number;
  readonly groups: readonly LogGroup[] | null;
  readonly isNew?: boolean;
}

function Ranking({ title, none, field, fromMs, groups, isNew = false }: RankingProps) {
  const titleId = useId();
  const most = Math.max(1, ...(groups ?? []).map(({ calls }) => calls));
  return (
    <section className={classes.ranking} aria-labelledby={titleId}>
      <h2 id={titleId} className={classes.heading}>
        {title}
      </h2>
      {groups?.length === 0 ? (
        <p className={classes.none}>{none}</p>
      ) : (
        <ul className={classes.rows}>
          {groups?.map((group) => (
            <li key={group.newest.id}>
              <Row field={field} fromMs={fromMs} group={group} most={most} isNew={isNew} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface RowProps {
  readonly field: RankedField;
  readonly fromMs: number;
  readonly group: LogGroup;
  readonly most: number;
  readonly isNew: boolean;
}

function Row({ field, fromMs, group, most, isNew }: RowProps) {
  const nowMs = useNow();
  const { calls, blocked, firstAt } = group;
  const name = RANKED[field].name(group) ?? t('frame.notKnown');
  const filter = RANKED[field].filter(group);
  const first = formatShortMoment(firstAt, nowMs);
  const words = isNew
    ? t('overview.newCallsOf', { name, first, count: calls, blocked })
    : t('overview.callsOf', { name, count: calls, blocked });
  const content = (
    <>
      <span className={classes.bar} style={{ width: `${(calls / most) * 100}%` }} aria-hidden>
        <span
          className={classes.blockedPart}
          data-none={blocked === 0 ? '' : undefined}
          style={{ width: `${(blocked / calls) * 100}%` }}
        />
      </span>
      <span className={field === 'address' ? classes.address : classes.name}>{name}</span>{' '}
      <span className={classes.value}>{isNew ? first : formatCount(calls)}</span>
    </>
  );
  if (filter === null) {
    return (
      <div className={classes.row} title={words}>
        {content}
      </div>
    );
  }
  return (
    <UnstyledButton
      className={classes.row}
      aria-label={words}
      title={words}
      onClick={() => showLogWith({ fromMs, ...filter })}
    >
      {content}
    </UnstyledButton>
  );
}
