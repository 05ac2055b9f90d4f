import type { Review } from '#shared/domain/entities';
import { explainFailure } from '../../../domain/failures';
import type { Ending } from '../../../stores/answers';
import { useMirror } from '../../../stores/mirror';
import { useNow } from '../../../ui/clock';
import { FormError } from '../../../ui/form-error';
import type { Answered } from '../model';
import classes from './answer.module.css';
import { endingWords } from './ending-words';
import { UndoButton } from './undo-button';

const KIND_OF_ANSWER = { authorize: 'authorized', deny: 'denied' } as const;

interface EndingBoxProps {
  readonly review: Review;
  readonly answered: Answered;
  readonly ending: Ending;
}

/** Says how a review ended, with Undo while that is possible. */
export function EndingBox({ review, answered, ending }: EndingBoxProps) {
  const { answering, settled } = answered;
  const nowMs = useNow();
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const { title, detail } = endingWords(ending, answering, settled, isOnline, nowMs);
  const failure = answering.failure === null ? null : explainFailure(answering.failure, nowMs).message;
  return (
    <>
      <div
        className={classes.ending}
        data-kind={ending.kind === 'together' ? KIND_OF_ANSWER[ending.answer] : ending.kind}
      >
        <div role="status">
          <strong>{title}</strong>
          {detail !== '' && <p>{detail}</p>}
        </div>
        {/* The key takes back all that were answered together. */}
        <UndoButton reviewId={review.id} answered={answered} hasKey={ending.kind !== 'together'} />
      </div>
      <FormError message={failure} />
    </>
  );
}
