import type { Review } from '#shared/domain/entities';
import type { ScopeReading } from '../../../domain/answer';
import classes from './answer.module.css';
import { letsInSentence } from './lets-in';
import { useLetsIn } from './use-lets-in';

interface LetsInProps {
  readonly review: Review;
  readonly reading: ScopeReading;
  readonly thisKeyOnly: boolean;
}

/** Shows on one line how much the choices would authorize, because a card must not change its height by itself. */
export function LetsInLine({ review, reading, thisKeyOnly }: LetsInProps) {
  const found = useLetsIn(review, reading, thisKeyOnly);
  const sentence =
    found === null ? 'Write the range to let in.' : `${letsInSentence(found.wanted, found.others.length)}.`;
  return (
    <p className={classes.letsInLine} title={sentence}>
      {sentence}
    </p>
  );
}
