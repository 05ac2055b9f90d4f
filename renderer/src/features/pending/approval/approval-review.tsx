import { useEffect, useRef } from 'react';
import type { Review } from '#shared/domain/entities';
import { copyText } from '../../../bridge/copy-text';
import { isComplete, noteProblem, readScope } from '../../../domain/answer';
import { explainFailure } from '../../../domain/failures';
import type { Ending } from '../../../stores/answers';
import { useMirror } from '../../../stores/mirror';
import { may } from '../../../stores/mirror-model';
import { AddressText } from '../../../ui/address-text';
import { useNow } from '../../../ui/clock';
import { CopyButton } from '../../../ui/copy-button';
import { FormError } from '../../../ui/form-error';
import { AnswerPanel } from '../answer/answer-panel';
import { authorizeReview, denyReview, undoAnswer } from '../answer/answering';
import { ApprovalFacts } from './approval-facts';
import classes from './approval.module.css';
import { EndButtons, type GoOn } from './end-buttons';
import { endingWords } from '../answer/ending-words';
import type { Answered } from '../model';
import { ReviewMenu } from '../review-menu';
import { UndoButton } from '../answer/undo-button';
import { useAnswered } from '../answer/use-answered';
import { useApprovalKeys } from './use-approval-keys';
import { useArmed } from '../use-armed';
import { useDraft } from '../answer/use-draft';

interface ApprovalReviewProps {
  readonly review: Review;
  readonly goOn: GoOn | null;
  readonly onClose: () => void;
}

export function ApprovalReview({ review, goOn, onClose }: ApprovalReviewProps) {
  const answered = useAnswered(review);
  const draft = useDraft(review);
  const mayAnswer = useMirror((mirror) => may(mirror.account, 'authorized_ips'));
  const heading = useRef<HTMLHeadingElement>(null);
  const { answering, ending, undo } = answered;
  const ended = ending !== null;
  const shown = `${review.id} ${ended ? 'ended' : 'open'}`;
  const armed = useArmed(shown);

  const answerable = !ended && mayAnswer && armed && answering.step === null;
  const complete = isComplete(readScope(review, draft.draft), draft.draft);
  useApprovalKeys(shown, {
    confirm: ended
      ? (goOn?.show ?? null)
      : answerable && complete
        ? () => void authorizeReview(review, draft.draft)
        : null,
    deny: answerable && noteProblem(draft.draft) === null ? () => void denyReview(review, draft.draft) : null,
    undo: undo === null ? null : () => undoInTime(review.id, undo),
    chooseDuration: answerable ? (duration) => draft.change({ duration }) : null,
    close: onClose,
  });
  useEffect(() => {
    heading.current?.focus();
  }, [ended]);

  return (
    <>
      <div className={classes.body}>
        <p className={classes.kicker} data-ended={ended ? '' : undefined}>
          {ended ? 'Question answered' : 'Blocked, and waiting for you'}
        </p>
        <div className={classes.addressLine}>
          <h1 ref={heading} tabIndex={-1} className={classes.title}>
            <AddressText value={review.ip} size="xl" />
          </h1>
          <CopyButton what="address" onCopy={() => copyText(review.ip)} />
          <span className={classes.menu}>
            <ReviewMenu review={review} />
          </span>
        </div>
        <ApprovalFacts review={review} />
      </div>
      <div className={classes.bar}>
        {ending === null ? (
          <AnswerPanel
            review={review}
            layout="stacked"
            draft={draft}
            answering={answering}
            guarded={!armed}
          />
        ) : (
          <>
            <EndingBox review={review} answered={answered} ending={ending} />
            <EndButtons goOn={goOn} armed={armed} onClose={onClose} />
          </>
        )}
      </div>
    </>
  );
}

/** Undoes if there is time left: the key may be pressed after the button has gone. */
function undoInTime(reviewId: string, { operationId, untilMs }: NonNullable<Answered['undo']>): void {
  if (Date.now() < untilMs) void undoAnswer(reviewId, operationId);
}

interface EndingBoxProps {
  readonly review: Review;
  readonly answered: Answered;
  readonly ending: Ending;
}

function EndingBox({ review, answered, ending }: EndingBoxProps) {
  const { answering, settled } = answered;
  const nowMs = useNow();
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const { title, detail } = endingWords(ending, answering, settled, isOnline, nowMs);
  const failure = answering.failure === null ? null : explainFailure(answering.failure, nowMs).message;
  return (
    <>
      <div className={classes.ending} data-kind={ending.kind}>
        <div role="status">
          <strong>{title}</strong>
          {detail !== '' && <p>{detail}</p>}
        </div>
        <UndoButton reviewId={review.id} answered={answered} keyHint="U" />
      </div>
      <FormError message={failure} />
    </>
  );
}
