import { Skeleton } from '@mantine/core';
import classes from './skeleton-lines.module.css';

interface SkeletonLinesProps {
  /** Accessible name, such as "Loading the users". */
  readonly label: string;
  readonly lines?: number;
}

/** Stands where a list is loaded, if that takes longer than a moment. */
export function SkeletonLines({ label, lines = 6 }: SkeletonLinesProps) {
  return (
    <div className={classes.lines} role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={14} width={`${96 - (index % 4) * 7}%`} />
      ))}
    </div>
  );
}
