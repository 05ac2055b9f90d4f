import { memo } from 'react';
import type { Review } from '#shared/domain/entities';
import { useNow } from '../../../ui/clock';
import { callSpanOf } from './span-of-calls';
import classes from './facts.module.css';

const WIDTH = 100;
const HEIGHT = 20;
/** Width of a call. */
const MARK = 1.5;

/** Shows from when to when the review was called, from the review alone; the log is read for the panel only. */
export const CallSpan = memo(function CallSpan({ review }: { readonly review: Review }) {
  const { from, to, calls } = callSpanOf(review, useNow());
  return (
    <svg className={classes.span} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
      <line className={classes.axis} x1={0} x2={WIDTH} y1={HEIGHT - 1} y2={HEIGHT - 1} />
      <rect
        className={classes.spanned}
        x={from * (WIDTH - MARK)}
        width={MARK + (to - from) * (WIDTH - MARK)}
        y={HEIGHT - 9}
        height={8}
      />
      {calls.map((at, index) => (
        <rect
          key={index}
          className={classes.call}
          x={at * (WIDTH - MARK)}
          width={MARK}
          y={HEIGHT - 17}
          height={16}
        />
      ))}
    </svg>
  );
});
