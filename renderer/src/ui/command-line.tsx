import type { ReactNode } from 'react';
import classes from './secret-once.module.css';

export function CommandLine({ command, copy }: { readonly command: string; readonly copy: ReactNode }) {
  return (
    <div className={classes.line}>
      <code className={classes.curl} data-secret>
        {command}
      </code>
      {copy}
    </div>
  );
}
