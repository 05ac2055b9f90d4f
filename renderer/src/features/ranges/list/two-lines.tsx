import type { ReactNode } from 'react';
import classes from '../ranges.module.css';

interface TwoLinesProps {
  readonly first: ReactNode;
  readonly second: ReactNode;
  readonly quiet?: boolean;
}

export function TwoLines({ first, second, quiet = false }: TwoLinesProps) {
  return (
    <div className={classes.twoLines}>
      <div className={quiet ? classes.quiet : undefined}>{first}</div>
      <div className={classes.second}>{second}</div>
    </div>
  );
}
