import type { ReactNode } from 'react';
import classes from './secret-once.module.css';

/** A command to paste into a terminal, with its copy button. */
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
