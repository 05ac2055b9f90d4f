import { ActionIcon } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { isExpired } from '#shared/domain/deciding-range';
import type { Key, Range } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { t } from '#shared/i18n/t';
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
  return (
    <div
      className={isExpired(range, nowMs) ? classes.expired : undefined}
      title={formatDateTime(range.expiresAt)}
    >
      <TwoLines first={expiryWords(range, nowMs)} second={formatShortMoment(range.expiresAt, nowMs)} />
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

interface RowActions {
  readonly onEdit: (range: Range) => void;
  readonly onRemove: (range: Range) => void;
}

/** Columns of two facts each; `actions` is null without permission to change. */
export function rangeColumns(
  keys: ReadonlyMap<string, Key>,
  actions: RowActions | null,
): readonly Column<Range>[] {
  return [
    {
      id: 'range',
      header: t('ranges.range'),
      width: 'minmax(150px, 1.5fr)',
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
      header: t('ranges.labelAndSource'),
      width: 'minmax(104px, 1.3fr)',
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
      header: t('ranges.apiKey'),
      width: 'minmax(72px, 0.9fr)',
      render: (range) => keyWords(keys, range.keyId),
    },
    {
      id: 'added',
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
      header: t('ranges.expires'),
      width: 'minmax(108px, 0.7fr)',
      render: (range) => <Expiry range={range} />,
    },
    {
      id: 'used',
      header: t('ranges.lastUsed'),
      width: '104px',
      render: (range) =>
        range.lastUsedAt === null ? (
          <span className={classes.quiet}>{t('ranges.neverUsed')}</span>
        ) : (
          <TwoLines
            first={<RelativeTime at={range.lastUsedAt} />}
            second={t('ranges.uses', { count: range.uses })}
          />
        ),
    },
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
                <RowButton
                  does={t('ranges.editRange', { range: range.cidr })}
                  onClick={() => actions.onEdit(range)}
                >
                  <IconPencil size={15} aria-hidden />
                </RowButton>
                <RowButton
                  does={t('ranges.removeRange', { range: range.cidr })}
                  onClick={() => actions.onRemove(range)}
                >
                  <IconTrash size={15} aria-hidden />
                </RowButton>
              </div>
            ),
          },
        ]),
  ];
}
