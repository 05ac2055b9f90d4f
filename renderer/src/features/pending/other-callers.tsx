import { otherAddresses } from '#shared/domain/review-subject';
import type { Review } from '#shared/domain/entities';
import { AddressText } from '../../ui/address-text';
import { RelativeTime } from '../../ui/relative-time';
import classes from './pending.module.css';

/** The other addresses that the question counts, and whom of them it saw last; nothing where there are none. */
export function OtherCallers({ review }: { readonly review: Review }) {
  const others = otherAddresses(review);
  if (others === undefined) return null;
  return (
    <div className={classes.callers}>
      <h3 className={classes.evidenceTitle}>and {others}, the latest callers</h3>
      <ul aria-label="Latest callers">
        {review.callers.map(({ ip, method, path, userAgent, at }) => (
          <li key={ip}>
            <AddressText value={ip} /> <RelativeTime at={at} />
            <span className={classes.unknown}>
              {[`${method ?? ''} ${path ?? ''}`.trim(), userAgent ?? '']
                .filter((text) => text !== '')
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
