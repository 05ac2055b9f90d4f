import { Button, CloseButton } from '@mantine/core';
import { t } from '#shared/i18n/t';
import { useMirror } from '../../../stores/mirror';
import { clearSelection, usePendingList } from '../../../stores/pending-list';
import { LastAnswer } from '../approval/last-answer';
import bulk from '../../../forms/batch-line.module.css';
import { ReviewBatchLine } from '../bulk/review-batch-line';

interface AnswerBarProps {
  /** The review in the panel, which shows its own answer. */
  readonly inPanelId: string | null;
  /** Opens the panel where it lies over the list; null beside it. */
  readonly onOpen: (() => void) | null;
}

/** Under the list: what was answered last, with Undo, and in a narrow window what is selected. */
export function AnswerBar({ inPanelId, onOpen }: AnswerBarProps) {
  return (
    <>
      <LastAnswer exceptFor={inPanelId} hasKey />
      <ReviewBatchLine />
      {onOpen !== null && <SelectionLine onOpen={onOpen} />}
    </>
  );
}

function SelectionLine({ onOpen }: { readonly onOpen: () => void }) {
  const selected = usePendingList((list) => list.selected);
  const count = useMirror(({ reviews }) =>
    [...selected].reduce((sum, id) => sum + (reviews.get(id)?.status === 'pending' ? 1 : 0), 0),
  );
  if (count === 0) return null;
  return (
    <div className={bulk.batch}>
      <p role="status">{t('pending.selected', { count })}</p>
      <Button onClick={onOpen}>{t('pending.answerTogether')}</Button>
      <CloseButton size="sm" aria-label={t('pending.selectNone')} onClick={clearSelection} />
    </div>
  );
}
