import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { useAnswers } from '../../../stores/answers';
import { UNDO_MS } from '../../../stores/batch';
import { useMirror } from '../../../stores/mirror';
import { useNow } from '../../../ui/clock';
import { useSecondsLeft } from '../../../ui/use-seconds-left';
import classes from './approval.module.css';
import { endingWords } from '../answer/ending-words';
import { operationOf } from '../model';
import { UndoButton } from '../answer/undo-button';
import { useAnswered } from '../answer/use-answered';

interface LastAnswerProps {
  readonly exceptFor: string | null;
  readonly hasKey?: boolean;
}

/** Shows the previous answer above the next review for as long as it can be undone. */
export function LastAnswer({ exceptFor, hasKey = false }: LastAnswerProps) {
  const lastId = useAnswers(({ byReview }) => {
    const given = [...byReview].filter(
      ([id, { ending }]) => id !== exceptFor && operationOf(ending) !== null,
    );
    return given.sort(([, a], [, b]) => b.endedAtMs - a.endedAtMs)[0]?.[0] ?? null;
  });
  const review = useMirror((mirror) => (lastId === null ? null : (mirror.reviews.get(lastId) ?? null)));
  return review === null ? null : <Strip key={review.id} review={review} hasKey={hasKey} />;
}

interface StripProps {
  readonly review: Review;
  readonly hasKey: boolean;
}

function Strip({ review, hasKey }: StripProps) {
  const answered = useAnswered(review);
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const nowMs = useNow();
  const { answering, ending, settled } = answered;
  const secondsLeft = useSecondsLeft(answering.endedAtMs + UNDO_MS);
  if (secondsLeft === 0 && answering.step === null) return null;
  return (
    <div className={classes.lastAnswer}>
      <p role="status">
        <span className={classes.lastAddress}>{review.ip}</span>:{' '}
        {ending === null
          ? t('answer.openAgain')
          : endingWords(ending, answering, settled, isOnline, nowMs).title}
      </p>
      <UndoButton
        reviewId={review.id}
        answered={answered}
        name={t('answer.undoFor', { ip: review.ip })}
        hasKey={hasKey}
      />
    </div>
  );
}
