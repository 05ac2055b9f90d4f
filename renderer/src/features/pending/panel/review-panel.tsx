import { CloseButton } from '@mantine/core';
import { useEffect, useEffectEvent, useId, useRef } from 'react';
import type { Review } from '#shared/domain/entities';
import { callsOfReview } from '#shared/domain/review-subject';
import { t } from '#shared/i18n/t';
import { copyText } from '../../../bridge/copy-text';
import { reviewSentence } from '../../../domain/reasons';
import { draftSource, showLogWith } from '../../../stores/ui';
import { AddressText } from '../../../ui/address-text';
import { CopyButton } from '../../../ui/copy-button';
import { useIsReported } from '../facts/use-is-reported';
import { AnswerPanel } from '../answer/answer-panel';
import { EndingBox } from '../answer/ending-box';
import { ProposalBox } from '../answer/proposal-box';
import { useReviewAnswer } from '../answer/use-review-answer';
import { ApprovalFacts } from '../approval/approval-facts';
import { ReviewMenu } from '../review-menu';
import classes from './panel.module.css';

interface ReviewPanelProps {
  readonly review: Review;
  /** False for a moment after something has moved. */
  readonly isSteady: boolean;
  /** Closes the panel that lies over the list; null beside it. */
  readonly onClose: (() => void) | null;
  /** Called once the review is answered here. */
  readonly onAnswered: () => void;
}

/** One review beside the list, made of the parts of the approval window. */
export function ReviewPanel({ review, isSteady, onClose, onAnswered }: ReviewPanelProps) {
  const titleId = useId();
  const isReported = useIsReported(review.keyId);
  const { answered, draft, isArmed } = useReviewAnswer(review, isSteady);
  const { answering, ending } = answered;
  const isAnsweredHere = ending?.kind === 'authorized' || ending?.kind === 'denied';
  const { endedAtMs } = answering;
  // An answer that only comes into view again, because it could not be taken back, leads nowhere.
  const seenEndedAtMs = useRef(endedAtMs);
  const goOn = useEffectEvent(onAnswered);
  useEffect(() => {
    if (isAnsweredHere && endedAtMs !== seenEndedAtMs.current) goOn();
    seenEndedAtMs.current = endedAtMs;
  }, [isAnsweredHere, endedAtMs]);
  return (
    <article
      className={classes.panel}
      aria-labelledby={titleId}
      data-pending={ending === null ? '' : undefined}
    >
      <div className={classes.body}>
        <div className={classes.head}>
          <h2 id={titleId} className={classes.title}>
            <AddressText value={review.ip} size="lg" />
          </h2>
          <CopyButton
            what={t('review.copyThisAddress', { ip: review.ip })}
            onCopy={() => copyText(review.ip)}
          />
          <span className={classes.menu}>
            <ReviewMenu
              review={review}
              onShowCalls={() => showLogWith({ ipText: callsOfReview(review), keyId: review.keyId })}
            />
          </span>
          {onClose !== null && (
            <CloseButton size="sm" aria-label={t('pending.backToList')} onClick={onClose} />
          )}
        </div>
        <p className={classes.sentence}>
          {ending === null ? reviewSentence(review.reason, isReported) : t('review.isAnswered')}
        </p>
        <ApprovalFacts review={review}>
          {ending === null && review.proposal !== null && (
            <ProposalBox
              review={review}
              proposal={review.proposal}
              guarded={!isArmed}
              onChoose={draftSource}
            />
          )}
        </ApprovalFacts>
      </div>
      <div className={classes.bar}>
        {ending === null ? (
          <AnswerPanel
            review={review}
            draft={draft}
            answering={answering}
            guarded={!isArmed}
            showsGuard={false}
          />
        ) : (
          <EndingBox review={review} answered={answered} ending={ending} />
        )}
      </div>
    </article>
  );
}
