import classes from './countdown-ring.module.css';

const SIZE = 20;
const RADIUS = 8.5;
const LENGTH = 2 * Math.PI * RADIUS;

interface CountdownRingProps {
  readonly secondsLeft: number;
  readonly outOf: number;
}

/** Shows the remaining time as a ring that empties, with the seconds in it. Hidden from screen readers. */
export function CountdownRing({ secondsLeft, outOf }: CountdownRingProps) {
  const circle = { cx: SIZE / 2, cy: SIZE / 2, r: RADIUS };
  return (
    <span className={classes.ring} aria-hidden>
      <svg width={SIZE} height={SIZE}>
        <circle className={classes.track} {...circle} />
        <circle
          className={classes.rest}
          {...circle}
          strokeDasharray={LENGTH}
          strokeDashoffset={LENGTH * (1 - secondsLeft / outOf)}
        />
      </svg>
      <span className={classes.seconds}>{secondsLeft}</span>
    </span>
  );
}
