import { useEffect, useRef } from 'react';
import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { copyText } from '../../../bridge/copy-text';
import { AddressText } from '../../../ui/address-text';
import { CopyButton } from '../../../ui/copy-button';
import { AnswerPanel } from '../answer/answer-panel';
import { EndingBox } from '../answer/ending-box';
import { ProposalBox } from '../answer/proposal-box';
import { useReviewAnswer } from '../answer/use-review-answer';
import { ReviewMenu } from '../review-menu';
import { ApprovalFacts } from './approval-facts';
import classes from './approval.module.css';
import { EndButtons, type GoOn } from './end-buttons';
import { useApprovalKeys } from './use-approval-keys';

interface ApprovalReviewProps {
  readonly review: Review;
  readonly goOn: GoOn | null;
  readonly onClose: () => void;
}

export function ApprovalReview({ review, goOn, onClose }: ApprovalReviewProps) {
  const { answered, draft, shown, isArmed, ...actions } = useReviewAnswer(review);
  const heading = useRef<HTMLHeadingElement>(null);
  const { answering, ending } = answered;
  const ended = ending !== null;
  useApprovalKeys(shown, {
    ...actions,
    confirm: ended ? (goOn?.show ?? null) : actions.authorize,
    close: onClose,
  });
  useEffect(() => {
    heading.current?.focus();
  }, [ended]);

  return (
    <>
      <div className={classes.body}>
        <h1 className={classes.kicker} data-ended={ended ? '' : undefined}>
          {t(ended ? 'review.kickerAnswered' : 'review.kickerOpen')}
        </h1>
        <div className={classes.addressLine}>
          <h2 ref={heading} tabIndex={-1} className={classes.title}>
            <AddressText value={review.ip} size="xl" />
          </h2>
          <CopyButton what={t('review.copyAddress')} onCopy={() => copyText(review.ip)} />
          <span className={classes.menu}>
            <ReviewMenu review={review} />
          </span>
        </div>
        <ApprovalFacts review={review}>
          {ending === null && review.proposal !== null && (
            <ProposalBox review={review} proposal={review.proposal} guarded={!isArmed} />
          )}
        </ApprovalFacts>
      </div>
      <div className={classes.bar}>
        {ending === null ? (
          <AnswerPanel review={review} draft={draft} answering={answering} guarded={!isArmed} showsGuard />
        ) : (
          <>
            <EndingBox review={review} answered={answered} ending={ending} />
            <EndButtons goOn={goOn} armed={isArmed} onClose={onClose} />
          </>
        )}
      </div>
    </>
  );
}
