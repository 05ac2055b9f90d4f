import { Button, CloseButton } from '@mantine/core';
import type { Review } from '#shared/domain/entities';
import { countOf } from '#shared/words';
import { notAnswering, useAnswers } from '../../../stores/answers';
import { useMirror } from '../../../stores/mirror';
import { useSettled } from '../../../stores/settled';
import { CountdownRing } from '../../../ui/countdown-ring';
import { useSecondsLeft } from '../../../ui/use-seconds-left';
import { undoAnswer } from '../answer/answering';
import { answeredOf, UNDO_MS } from '../model';
import classes from '../pending.module.css';
import { useArmed } from '../use-armed';

interface BulkResultProps {
  readonly answered: readonly Review[];
  /** Number of selected reviews that could not be answered. */
  readonly failed: number;
  readonly onDismiss: () => void;
}

/** Shows how many reviews were answered together. Undo is offered while all of them can be undone. */
export function BulkResult({ answered, failed, onDismiss }: BulkResultProps) {
  const byReview = useAnswers((state) => state.byReview);
  const settled = useSettled(({ byId }) => byId);
  const reviews = useMirror((mirror) => mirror.reviews);
  const states = answered.map((review) =>
    answeredOf(reviews.get(review.id) ?? review, byReview.get(review.id) ?? notAnswering, settled),
  );
  const undoable = states.flatMap(({ undo }, index) => {
    const reviewId = answered[index]?.id;
    return undo === null || reviewId === undefined ? [] : [{ ...undo, reviewId }];
  });
  // Undo ends with the earliest deadline, because it takes back all answers or none.
  const secondsLeft = useSecondsLeft(
    undoable.length === 0 ? null : Math.min(...undoable.map(({ untilMs }) => untilMs)),
  );
  const busy = states.some(({ answering }) => answering.step === 'undo');
  // It appears where the answer's buttons were, so a double click must not take the answers back.
  const armed = useArmed(answered.map(({ id }) => id).join(' '));
  const takenBack = states.filter(({ ending }) => ending === null).length;

  const undoAll = async (): Promise<void> => {
    for (const { reviewId, operationId } of undoable) await undoAnswer(reviewId, operationId);
  };
  return (
    <>
      <p role="status" className={classes.bulkCount}>
        {bulkSentence(answered.length, takenBack, failed)}
      </p>
      {(secondsLeft > 0 || busy) && (
        <Button
          variant="default"
          aria-label="Undo all"
          loading={busy}
          disabled={!armed && !busy}
          leftSection={<CountdownRing secondsLeft={secondsLeft} outOf={UNDO_MS / 1_000} />}
          onClick={() => void undoAll()}
        >
          Undo all
        </Button>
      )}
      <CloseButton size="sm" aria-label="Put this away" onClick={onDismiss} />
    </>
  );
}

function bulkSentence(answered: number, takenBack: number, failed: number): string {
  const parts =
    answered > 0 && takenBack === answered
      ? [`${countOf(takenBack, 'answer')} taken back: open again.`]
      : [`${countOf(answered, 'question')} answered${takenBack === 0 ? '' : `, ${takenBack} open again`}.`];
  if (failed > 0) parts.push(`${countOf(failed, 'was', 'were')} not: the cards say why.`);
  return parts.join(' ');
}
