import { Checkbox } from '@mantine/core';
import { useId } from 'react';
import type { Review } from '#shared/domain/entities';
import { callsOfReview } from '#shared/domain/review-subject';
import { copyText } from '../../../bridge/copy-text';
import { showLogWith } from '../../../stores/ui';
import { AddressText } from '../../../ui/address-text';
import { CopyButton } from '../../../ui/copy-button';
import { AnswerPanel } from '../answer/answer-panel';
import { EndingLine } from './ending-line';
import classes from '../pending.module.css';
import { ReviewFacts } from './review-facts';
import { ReviewMenu } from '../review-menu';
import { useAnswered } from '../answer/use-answered';
import { useArmed } from '../use-armed';
import { useDraft } from '../answer/use-draft';
import { useKeptPosition } from './use-kept-position';

interface ReviewCardProps {
  readonly review: Review;
  /** Selected to be answered together with others; null if that is not offered. */
  readonly selected: boolean | null;
  readonly onSelect: (reviewId: string, selected: boolean) => void;
  /** True if nothing on the list has just moved. */
  readonly isSteady: boolean;
  readonly onDismiss: (reviewId: string) => void;
}

/** Shows one review. After the answer it keeps its position and size, so that nothing moves under the pointer. */
export function ReviewCard({ review, selected, onSelect, isSteady, onDismiss }: ReviewCardProps) {
  const titleId = useId();
  const answered = useAnswered(review);
  const draft = useDraft(review);
  const { ending, answering } = answered;
  const ended = ending !== null;
  const { area, line, heading } = useKeptPosition(ended);
  // Whatever replaces a button that was just pressed must not take the second press of a double click.
  const armed = useArmed(ended ? 'ended' : 'open', true);
  return (
    <article
      className={classes.card}
      aria-labelledby={titleId}
      data-ended={ended ? '' : undefined}
      data-selected={selected === true && !ended ? '' : undefined}
    >
      <div className={classes.cardHead}>
        {selected !== null && (
          <Checkbox
            aria-label={`Select ${review.ip}`}
            className={classes.select}
            checked={selected}
            disabled={ended || answering.step !== null}
            onChange={(event) => onSelect(review.id, event.currentTarget.checked)}
          />
        )}
        <h2 id={titleId} ref={heading} tabIndex={-1} className={classes.address}>
          <AddressText value={review.ip} size="lg" />
        </h2>
        <CopyButton what={`address ${review.ip}`} onCopy={() => copyText(review.ip)} />
        <span className={classes.cardMenu}>
          <ReviewMenu
            review={review}
            onShowCalls={() => showLogWith({ ipText: callsOfReview(review), keyId: review.keyId })}
          />
        </span>
      </div>
      <ReviewFacts review={review} ended={ended} />
      <div {...area} className={classes.answer}>
        {ending === null ? (
          <AnswerPanel
            review={review}
            layout="line"
            draft={draft}
            answering={answering}
            guarded={!isSteady || !armed}
          />
        ) : (
          <EndingLine
            ip={review.ip}
            reviewId={review.id}
            answered={answered}
            ending={ending}
            lineRef={line}
            onDismiss={() => onDismiss(review.id)}
          />
        )}
      </div>
    </article>
  );
}
