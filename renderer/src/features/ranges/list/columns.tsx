import { ActionIcon } from '@mantine/core';
import { IconPencil, IconTrash, IconWorldDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { isExpired } from '#shared/domain/deciding-range';
import type { Key, Range } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { t } from '#shared/i18n/t';
import type { RangeSort } from '../../../stores/ranges-list';
import { showSources } from '../../../stores/ui';
import { AddressText } from '../../../ui/address-text';
import { useNow } from '../../../ui/clock';
import type { Column } from '../../../ui/data-grid';
import { formatDateTime, formatShortMoment } from '../../../ui/format';
import { RelativeTime } from '../../../ui/relative-time';
import { authorWords, expiryWords, keyWords, sizeWords, sourceWords } from './range-facts';
import classes from '../ranges.module.css';
import { TwoLines } from './two-lines';

function Expiry({ range }: { readonly range: Range }) {
  const nowMs = useNow();
  if (range.expiresAt === null) return <span className={classes.quiet}>{t('ranges.never')}</span>;
  const isOver = isExpired(range, nowMs);
  return (
    <div className={isOver ? classes.expired : undefined} title={formatDateTime(range.expiresAt)}>
      <TwoLines
        first={isOver ? t('ranges.isExpired') : expiryWords(range, nowMs)}
        second={formatShortMoment(range.expiresAt, nowMs)}
      />
    </div>
  );
}

interface RowButtonProps {
  readonly does: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function RowButton({ does, onClick, children }: RowButtonProps) {
  return (
    <ActionIcon size="sm" aria-label={does} title={does} onClick={onClick}>
      {children}
    </ActionIcon>
  );
}

function usedColumn(): Column<Range> {
  return {
    id: 'used',
    sorts: [
      { id: 'lastUsed' satisfies RangeSort, label: t('ranges.lastUsed') },
      { id: 'uses' satisfies RangeSort, label: t('ranges.usesHeader') },
    ],
    header: t('ranges.lastUsed'),
    width: 'minmax(100px, 0.7fr)',
    render: (range) =>
      range.lastUsedAt === null ? (
        <span className={classes.quiet}>{t('ranges.neverUsed')}</span>
      ) : (
        <TwoLines
          first={<RelativeTime at={range.lastUsedAt} />}
          second={t('ranges.uses', { count: range.uses })}
        />
      ),
  };
}

interface RowActions {
  readonly onEdit: (range: Range) => void;
  readonly onRemove: (ranges: readonly Range[]) => void;
}

/** Columns of two facts each; `actions` is null without permission to change. Denied ranges have no uses. */
export function rangeColumns(
  keys: ReadonlyMap<string, Key>,
  hasUses: boolean,
  actions: RowActions | null,
): readonly Column<Range>[] {
  return [
    {
      id: 'range',
      sorts: [
        { id: 'range' satisfies RangeSort, label: t('ranges.range') },
        { id: 'size' satisfies RangeSort, label: t('ranges.size') },
      ],
      header: t('ranges.range'),
      width: 'minmax(142px, 1.3fr)',
      render: (range) => (
        <TwoLines
          first={
            <span title={range.cidr}>
              <AddressText value={range.cidr} />
            </span>
          }
          second={sizeWords(range)}
        />
      ),
    },
    {
      id: 'label',
      sorts: [
        { id: 'label' satisfies RangeSort, label: t('ranges.label') },
        { id: 'source' satisfies RangeSort, label: t('ranges.source') },
      ],
      header: t('ranges.label'),
      width: 'minmax(110px, 1.2fr)',
      render: (range) => (
        <TwoLines
          first={<span title={range.label}>{range.label === '' ? t('ranges.noLabel') : range.label}</span>}
          second={range.effect === UNRECOGNISED ? t('reasons.somethingNewSentence') : sourceWords(range)}
          quiet={range.label === ''}
        />
      ),
    },
    {
      id: 'key',
      sorts: [{ id: 'key' satisfies RangeSort, label: t('ranges.apiKey') }],
      header: t('ranges.apiKey'),
      width: 'minmax(64px, 0.9fr)',
      render: (range) => {
        const words = keyWords(keys, range.keyId);
        return <span title={words}>{words}</span>;
      },
    },
    {
      id: 'added',
      sorts: [
        { id: 'added' satisfies RangeSort, label: t('ranges.added') },
        { id: 'author' satisfies RangeSort, label: t('ranges.author') },
      ],
      header: t('ranges.added'),
      width: 'minmax(110px, 1.2fr)',
      fromWidth: 780,
      render: (range) => (
        <TwoLines
          first={<RelativeTime at={range.createdAt} />}
          second={<span title={authorWords(range)}>{authorWords(range)}</span>}
        />
      ),
    },
    {
      id: 'expires',
      sorts: [{ id: 'expires' satisfies RangeSort, label: t('ranges.expires') }],
      header: t('ranges.expires'),
      width: 'minmax(92px, 1fr)',
      render: (range) => <Expiry range={range} />,
    },
    ...(hasUses ? [usedColumn()] : []),
    ...(actions === null
      ? []
      : [
          {
            id: 'actions',
            header: t('ranges.actions'),
            quietHeader: true,
            pinned: true,
            width: '50px',
            render: (range: Range) => (
              <div className={classes.actions}>
                {range.sourceId !== null ? (
                  <RowButton does={t('ranges.showSource', { range: range.cidr })} onClick={showSources}>
                    <IconWorldDownload size={15} aria-hidden />
                  </RowButton>
                ) : (
                  <>
                    <RowButton
                      does={t('ranges.editRange', { range: range.cidr })}
                      onClick={() => actions.onEdit(range)}
                    >
                      <IconPencil size={15} aria-hidden />
                    </RowButton>
                    <RowButton
                      does={t('ranges.removeRange', { range: range.cidr })}
                      onClick={() => actions.onRemove([range])}
                    >
                      <IconTrash size={15} aria-hidden />
                    </RowButton>
                  </>
                )}
              </div>
            ),
          },
        ]),
  ];
}
