import type { Review } from '#shared/domain/entities';
import { countOf } from '#shared/words';
import { geolocationWords } from '../../../domain/geolocation-words';
import { RelativeTime } from '../../../ui/relative-time';
import classes from './approval.module.css';
import { CallsTimeline } from '../facts/calls-timeline';
import { EvidenceList } from '../facts/evidence-list';
import { KeyName } from '../facts/key-name';
import { LatestCallers } from '../facts/latest-callers';

export function ApprovalFacts({ review }: { readonly review: Review }) {
  return (
    <>
      <dl className={classes.facts}>
        <dt>From</dt>
        <dd>
          {geolocationWords(review) ?? <span className={classes.quiet}>Country and network not known</span>}
        </dd>
        <dt>API key</dt>
        <dd>
          <KeyName review={review} />
        </dd>
        <dt>Blocked</dt>
        <dd>
          {review.count === 1 ? (
            <>
              Once, <RelativeTime at={review.lastAt} />
            </>
          ) : (
            <>
              {countOf(review.count, 'time')}, first <RelativeTime at={review.firstAt} />, last{' '}
              <RelativeTime at={review.lastAt} />
            </>
          )}
        </dd>
      </dl>
      <CallsTimeline review={review} />
      <LatestCallers review={review} />
      <EvidenceList evidence={review.evidence} />
    </>
  );
}
