import { Checkbox, VisuallyHidden } from '@mantine/core';
import { memo, type MouseEvent } from 'react';
import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { countryName, formatCount, networkName } from '#shared/words';
import { agentWords } from '../../../domain/agent-words';
import { useAnswers } from '../../../stores/answers';
import { usePendingList } from '../../../stores/pending-list';
import { AddressText } from '../../../ui/address-text';
import { RelativeTime } from '../../../ui/relative-time';
import { CallSpan } from '../facts/call-span';
import { TrustBadge } from '../facts/trust-badge';
import { AnswerWord } from './answer-word';
import classes from './list.module.css';

export interface RowPlace {
  readonly id: string;
  /** The element's id, by which the grid names the row that the keyboard is on. */
  readonly elementId: string;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly isCurrent: boolean;
}

interface ReviewRowProps extends RowPlace {
  readonly review: Review;
  readonly isSelectable: boolean;
  readonly onPress: (id: string, event: MouseEvent) => void;
}

/** One row. It selects its own part of the stores, so that a click on one does not render the others. */
export const ReviewRow = memo(function ReviewRow(props: ReviewRowProps) {
  const { review, id, elementId, index, top, height, isCurrent, isSelectable, onPress } = props;
  const isSelected = usePendingList(({ selected }) => selected.has(id));
  const isOpen = review.status === 'pending';
  return (
    <div
      id={elementId}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isSelected && isOpen}
      className={classes.row}
      data-current={isCurrent ? '' : undefined}
      data-selected={isSelected && isOpen ? '' : undefined}
      data-pending={isOpen ? '' : undefined}
      style={{ height, transform: `translateY(${top}px)` }}
      onClick={(event) => onPress(id, event)}
    >
      <div role="gridcell" className={classes.check}>
        {isSelectable && (
          <Checkbox
            tabIndex={-1}
            aria-label={t('pending.select', { what: review.ip })}
            checked={isSelected && isOpen}
            disabled={!isOpen}
            readOnly
          />
        )}
      </div>
      <RowCells review={review} />
    </div>
  );
});

const RowCells = memo(function RowCells({ review }: { readonly review: Review }) {
  const { ip, keyName, count, lastAt, addressCount, country, asn, asName, callers } = review;
  const agent = callers[0]?.userAgent ?? null;
  const network = networkName(asn, asName);
  const isSending = useAnswers(({ byReview }) => (byReview.get(review.id)?.step ?? null) !== null);
  return (
    <>
      <div role="gridcell" className={classes.who}>
        <span className={classes.address} title={ip}>
          <AddressText value={ip} />
          {addressCount > 1 && <span className={classes.more}> +{formatCount(addressCount - 1)}</span>}
        </span>
        <span className={classes.agent} title={agent ?? undefined}>
          {agent === null ? (network ?? t('review.noUserAgent')) : agentWords(agent)}
        </span>
      </div>
      <div role="gridcell" className={classes.where}>
        <span>{country === null ? t('pending.countryNotKnown') : countryName(country)}</span>
        {network !== undefined && (
          <span className={classes.network} title={network}>
            {network}
          </span>
        )}
      </div>
      <div role="gridcell" className={classes.key} title={keyName}>
        {keyName}
      </div>
      <div role="gridcell" className={classes.calls}>
        <CallSpan review={review} />
      </div>
      <div role="gridcell" className={classes.count}>
        {formatCount(count)}
        <span aria-hidden>×</span>
        <VisuallyHidden> {t('pending.callsAfterNumber', { count })}</VisuallyHidden>
      </div>
      <div role="gridcell" className={classes.last}>
        <RelativeTime at={lastAt} />
      </div>
      <div role="gridcell" className={classes.verdict}>
        {review.status === 'pending' && !isSending ? (
          <TrustBadge review={review} />
        ) : (
          <AnswerWord status={review.status} />
        )}
      </div>
    </>
  );
});
