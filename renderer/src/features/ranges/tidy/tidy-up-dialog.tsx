import { Button, Modal } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { rangeName } from '../../../domain/range-words';
import { useFailureText } from '../../../forms/failure-message';
import { useRangeBatch } from '../../../stores/batch';
import { useMirror } from '../../../stores/mirror';
import { withIds } from '../../../stores/selection';
import { AddressText } from '../../../ui/address-text';
import { type Column, DataGrid } from '../../../ui/data-grid';
import { DialogButtons } from '../../../ui/form';
import { FormError } from '../../../ui/form-error';
import { useReadClock } from '../../../ui/clock';
import { sortRanges } from '../list/sort-ranges';
import { expiryWords, usedWords } from '../list/range-facts';
import { TwoLines } from '../list/two-lines';
import { ImpactLines, useImpact } from '../remove/impact-lines';
import { mayComeBack } from '../remove/removal';
import { changeTogether } from '../together/change-together';
import { countOf, IS_SAFE, type Proposal, proposalsFor, TIDY_GROUPS, type TidyGroup } from './proposals';
import classes from './tidy.module.css';

const ROW_HEIGHT = 44;
const MOST_ROWS_IN_VIEW = 4;
const HEADER_HEIGHT = 34;

interface TidyUpDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Proposes ranges that could go, in groups. */
export function TidyUpDialog({ isOpen, onClose }: TidyUpDialogProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('ranges.tidyTitle')} size={720}>
      <TidyUpForm onDone={onClose} />
    </Modal>
  );
}

function TidyUpForm({ onDone }: { readonly onDone: () => void }) {
  const readClock = useReadClock();
  const ranges = useMirror((mirror) => mirror.ranges);
  const [openedMs] = useState(readClock);
  const proposals = useMemo(() => proposalsFor(ranges.values(), openedMs), [ranges, openedMs]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(
    () =>
      new Set(
        TIDY_GROUPS.flatMap((group) => (IS_SAFE[group] ? proposals[group].map(({ range }) => range.id) : [])),
      ),
  );
  const mode = useMirror((mirror) => mirror.account?.mode ?? 'manual');
  const isSending = useRangeBatch(({ step }) => step !== null);
  const failureText = useFailureText(useRangeBatch(({ failure }) => failure));
  const chosen = useMemo(
    () =>
      TIDY_GROUPS.flatMap((group) => proposals[group]).flatMap(({ range }) =>
        selected.has(range.id) ? [range] : [],
      ),
    [proposals, selected],
  );
  // Removing a covered or expired range changes no verdict, so that only the others count.
  const isUnused = useMemo(() => new Set(proposals.unused.map(({ range }) => range)), [proposals]);
  const unused = useMemo(() => chosen.filter((range) => isUnused.has(range)), [chosen, isUnused]);
  const impact = useImpact(unused);
  if (countOf(proposals) === 0) {
    return (
      <div className={classes.form}>
        <p>{t('ranges.tidyNothing')}</p>
        <DialogButtons>
          <Button onClick={onDone} data-autofocus>
            {t('words.close')}
          </Button>
        </DialogButtons>
      </div>
    );
  }
  return (
    <div className={classes.form}>
      {TIDY_GROUPS.filter((group) => proposals[group].length > 0).map((group) => (
        <Group
          key={group}
          group={group}
          proposals={proposals[group]}
          nowMs={openedMs}
          selected={selected}
          onSelect={(ids, isIn) => setSelected((before) => withIds(before, ids, isIn))}
        />
      ))}
      {unused.length > 0 ? (
        <ImpactLines ranges={unused} impact={impact} />
      ) : (
        chosen.length > 0 && <p role="status">{t('ranges.tidyChangesNothing')}</p>
      )}
      {unused.length > 0 && mayComeBack(unused, mode) && (
        <p>{t(`ranges.mayComeBack_${mode === 'automatic' ? mode : 'learning'}`, { count: unused.length })}</p>
      )}
      <FormError message={failureText?.message ?? null} />
      <DialogButtons>
        <Button variant="default" onClick={onDone} data-autofocus>
          {t('words.cancel')}
        </Button>
        <Button
          color="red"
          loading={isSending}
          disabled={chosen.length === 0}
          onClick={() => {
            const confirmImpact = unused.length === 0 || impact.isTold;
            void changeTogether(chosen, { kind: 'remove', confirmImpact }).then(
              (isDone) => isDone && onDone(),
            );
          }}
        >
          {t('ranges.removeManyNow', { count: chosen.length })}
        </Button>
      </DialogButtons>
    </div>
  );
}

function reasonOf(group: TidyGroup, { range, coveredBy }: Proposal, nowMs: number): string {
  if (group === 'expired') return expiryWords(range, nowMs);
  if (group === 'unused') return usedWords(range, nowMs);
  return coveredBy === null ? '' : t('ranges.coveredBy', { range: rangeName(coveredBy) });
}

function columnsOf(
  group: TidyGroup,
  proposals: ReadonlyMap<string, Proposal>,
  nowMs: number,
): readonly Column<Range>[] {
  return [
    {
      id: 'range',
      header: t('ranges.range'),
      width: 'minmax(150px, 1fr)',
      render: (range) => (
        <TwoLines
          first={<AddressText value={range.cidr} />}
          second={range.label === '' ? t('ranges.noLabel') : range.label}
        />
      ),
    },
    {
      id: 'why',
      header: t('ranges.tidyWhy'),
      width: 'minmax(150px, 1fr)',
      render(range) {
        const proposal = proposals.get(range.id);
        const reason = proposal === undefined ? '' : reasonOf(group, proposal, nowMs);
        return <span title={reason}>{reason}</span>;
      },
    },
  ];
}

interface GroupProps {
  readonly group: TidyGroup;
  readonly proposals: readonly Proposal[];
  readonly nowMs: number;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: readonly string[], isIn: boolean) => void;
}

function Group({ group, proposals, nowMs, selected, onSelect }: GroupProps) {
  const [current, setCurrent] = useState<string | null>(null);
  const bySubject = useMemo(() => new Map(proposals.map((each) => [each.range.id, each])), [proposals]);
  const rows = useMemo(
    () =>
      sortRanges(
        proposals.map(({ range }) => range),
        { by: 'range', isDescending: false },
        () => '',
      ),
    [proposals],
  );
  const columns = useMemo(() => columnsOf(group, bySubject, nowMs), [group, bySubject, nowMs]);
  const ids = rows.map(({ id }) => id);
  const marked = new Set(ids.filter((id) => selected.has(id)));
  const isAll = marked.size === ids.length;
  const height = HEADER_HEIGHT + Math.min(rows.length, MOST_ROWS_IN_VIEW) * ROW_HEIGHT;
  const name = t(`ranges.tidy_${group}`, { count: ids.length });
  return (
    <section className={classes.group} aria-label={name}>
      <div>
        <h3 className={classes.title}>{name}</h3>
        <p className={classes.why}>{t(`ranges.tidyWhy_${group}`)}</p>
      </div>
      <div className={classes.rows} style={{ height }}>
        <DataGrid
          label={name}
          columns={columns}
          rows={rows}
          keyOf={(range) => range.id}
          rowHeight={ROW_HEIGHT}
          selection={{ selected: current, onSelect: setCurrent, onOpen: setCurrent, opensOn: 'doubleClick' }}
          marks={{
            marked,
            isAll,
            allLabel: t('ranges.selectAll', { number: ids.length }),
            labelOf: (range) => t('ranges.select', { range: range.cidr }),
            onChange: (change) => {
              if (change.kind === 'toggle') onSelect([change.key], !marked.has(change.key));
              else if (change.kind === 'span') onSelect([change.key], true);
              else onSelect(ids, change.kind === 'all');
            },
          }}
        />
      </div>
    </section>
  );
}
