import { useMemo } from 'react';
import { t } from '#shared/i18n/t';
import { useMirror } from '../../../stores/mirror';
import { clearSelection, usePendingList } from '../../../stores/pending-list';
import type { ListRow } from '../list/rows';
import { useArmed } from '../../../ui/use-armed';
import { ReviewPanel } from './review-panel';
import { TogetherPanel } from './together-panel';

interface DetailAreaProps {
  /** The row that the keyboard is on. */
  readonly row: ListRow;
  /** False for a moment after the panel has shown another row. */
  readonly isSteady: boolean;
  /** Closes the panel that lies over the list; null beside it. */
  readonly onClose: (() => void) | null;
  readonly onAnswered: () => void;
}

/** Shows what is answered: the selected reviews, else the group or the review that the keyboard is on. */
export function DetailArea({ row, isSteady: isRowSteady, onClose, onAnswered }: DetailAreaProps) {
  const selected = usePendingList((list) => list.selected);
  const current = useMirror((mirror) => mirror.reviews);
  const chosen = useMemo(
    () =>
      [...selected].flatMap((id) => {
        const review = current.get(id);
        return review?.status === 'pending' ? [review] : [];
      }),
    [selected, current],
  );
  const isSteady = useArmed(chosen.length > 0 ? 'selection' : 'row', true) && isRowSteady;
  if (chosen.length > 0) {
    return (
      <TogetherPanel
        reviews={chosen}
        title={t('pending.selected', { count: chosen.length })}
        closeLabel={t('pending.selectNone')}
        isSteady={isSteady}
        onClose={clearSelection}
        onAnswered={() => {
          clearSelection();
          onAnswered();
        }}
      />
    );
  }
  if (row.kind === 'review') {
    return (
      <ReviewPanel
        key={row.id}
        review={row.review}
        isSteady={isSteady}
        onClose={onClose}
        onAnswered={onAnswered}
      />
    );
  }
  const open = row.group.reviews.filter(({ status }) => status === 'pending');
  if (open.length === 0) return null;
  return (
    <TogetherPanel
      key={row.id}
      reviews={open}
      title={row.group.title}
      isSteady={isSteady}
      closeLabel={t('pending.backToList')}
      onClose={onClose}
      onAnswered={onAnswered}
    />
  );
}
