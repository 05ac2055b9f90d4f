import { otherAddresses } from '#shared/domain/review-subject';
import type { Review, ReviewCaller } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { AddressText } from '../../../ui/address-text';
import { RelativeTime } from '../../../ui/relative-time';
import classes from '../pending.module.css';

/** Shows the user agents and requests of the latest calls, and the latest addresses of a review that counts several. */
export function LatestCallers({ review }: { readonly review: Review }) {
  const others = otherAddresses(review);
  if (others === undefined && review.callers.length === 0) return null;
  return (
    <div className={classes.callers}>
      <h3 className={classes.callersTitle}>
        {others === undefined ? t('review.whoCalled') : t('review.latestOf', { others })}
      </h3>
      <ul aria-label={t('review.latestCallers')}>
        {review.callers.map((caller) => (
          <li key={caller.ip}>
            {(others !== undefined || caller.ip !== review.ip) && <AddressText value={caller.ip} />}
            {others !== undefined && <RelativeTime at={caller.at} />}
            <span>{callWords(caller)}</span>
            <span className={classes.unknown}>{caller.userAgent ?? t('review.noUserAgent')}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function callWords({ method, path }: ReviewCaller): string {
  return method === null && path === null
    ? t('review.requestNotKnown')
    : `${method ?? ''} ${path ?? ''}`.trim();
}
