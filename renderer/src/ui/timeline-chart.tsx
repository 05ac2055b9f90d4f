import classes from './timeline-chart.module.css';

interface TimelineChartProps {
  readonly bins: readonly { readonly blocked: number; readonly allowed: number }[];
  /** The chart in a sentence, for screen readers. */
  readonly label: string;
  /** Least share of the height for a bar, so that a single call beside a thousand is visible. */
  readonly leastShare?: number;
  readonly from: string;
  readonly to: string;
}

const HEIGHT = 100;
const LEAST_SHARE = 0.12;

/** Shows calls over time as small bars, blocked ones on top of allowed ones. */
export function TimelineChart({ bins, label, leastShare = LEAST_SHARE, from, to }: TimelineChartProps) {
  const most = Math.max(1, ...bins.map(({ blocked, allowed }) => blocked + allowed));
  const share = (count: number): number =>
    count === 0 ? 0 : HEIGHT * Math.max(leastShare, (count / most) * (1 - leastShare));
  return (
    <div className={classes.timeline}>
      <svg
        role="img"
        aria-label={label}
        className={classes.bars}
        viewBox={`0 0 ${bins.length * 10} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        {bins.map(({ blocked, allowed }, index) => {
          if (blocked + allowed === 0) return null;
          const low = share(allowed);
          const high = share(blocked);
          return (
            // The index identifies a bar.
            <g key={index} transform={`translate(${index * 10 + 1} 0)`}>
              {low > 0 && <rect className={classes.allowed} width={8} height={low} y={HEIGHT - low} />}
              {high > 0 && (
                <rect className={classes.blocked} width={8} height={high} y={HEIGHT - low - high} />
              )}
            </g>
          );
        })}
      </svg>
      <div className={classes.axis} aria-hidden>
        <span>{from}</span>
        <span>{to}</span>
      </div>
    </div>
  );
}
