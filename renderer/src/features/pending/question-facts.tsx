import type { Review } from '#shared/domain/entities';
import { placeWords } from '../../domain/place';
import { questionSentence } from '../../domain/reasons';
import { useMirror } from '../../stores/mirror';
import { formatCount } from '../../ui/format';
import { RelativeTime } from '../../ui/relative-time';
import classes from './pending.module.css';

interface QuestionFactsProps {
  readonly review: Review;
  readonly ended: boolean;
}

/** What is known about the blocked calls, in words. */
export function QuestionFacts({ review, ended }: QuestionFactsProps) {
  const prefix = useMirror((mirror) => mirror.keys.get(review.keyId)?.prefix ?? null);
  const place = placeWords(review);
  return (
    <>
      <p className={classes.sentence}>
        {ended ? 'This question is answered.' : questionSentence(review.reason)}
      </p>
      <dl className={classes.facts}>
        <div>
          <dt>API key</dt>
          <dd>
            {review.keyName} {prefix !== null && <code className={classes.prefix}>{prefix}…</code>}
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
          <dd>{place ?? <span className={classes.unknown}>Country and network not known</span>}</dd>
        </div>
      </dl>
      {review.evidence.length > 0 && (
        <div className={classes.evidence}>
          <h3 className={classes.evidenceTitle}>What the trust review found</h3>
          <ul>
            {review.evidence.map(({ signal, weight, detail }) => (
              <li key={signal} data-leans={weight < 0 ? 'against' : 'for'}>
                {detail}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
