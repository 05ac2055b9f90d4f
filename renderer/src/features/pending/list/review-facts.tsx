import type { Review } from '#shared/domain/entities';
import { formatCount } from '#shared/words';
import { geolocationWords } from '../../../domain/geolocation-words';
import { reviewSentence } from '../../../domain/reasons';
import { RelativeTime } from '../../../ui/relative-time';
import { CallsTimeline } from '../facts/calls-timeline';
import { EvidenceList } from '../facts/evidence-list';
import { KeyName } from '../facts/key-name';
import { LatestCallers } from '../facts/latest-callers';
import classes from '../pending.module.css';

interface ReviewFactsProps {
  readonly review: Review;
  readonly ended: boolean;
}

export function ReviewFacts({ review, ended }: ReviewFactsProps) {
  const geolocation = geolocationWords(review);
  return (
    <>
      <p className={classes.sentence}>
        {ended ? 'This question is answered.' : reviewSentence(review.reason)}
      </p>
      <dl className={classes.facts}>
        <div>
          <dt>API key</dt>
          <dd>
            <KeyName review={review} />
          </dd>
        </div>
        <div>
          <dt>Attempts</dt>
          <dd className={classes.number}>{formatCount(review.count)}</dd>
        </div>
        <div>
          <dt>First seen</dt>
          <dd>
            <RelativeTime at={review.firstAt} />
          </dd>
        </div>
        <div>
          <dt>Last seen</dt>
          <dd>
            <RelativeTime at={review.lastAt} />
          </dd>
        </div>
        <div className={classes.place}>
          <dt>From</dt>
          <dd>{geolocation ?? <span className={classes.unknown}>Country and network not known</span>}</dd>
        </div>
        <div className={classes.timeline}>
          <dt>Calls</dt>
          <dd>
            <CallsTimeline review={review} />
          </dd>
        </div>
      </dl>
      <LatestCallers review={review} />
      <EvidenceList evidence={review.evidence} />
    </>
  );
}
