import type { ReactNode } from 'react';
import classes from './command-line.module.css';

interface CommandLineProps {
  /** Accessible name, if the text before it does not name it. */
  readonly name?: string;
  readonly command: string;
  readonly copy: ReactNode;
}

/** Shows a text to copy on a line of its own. */
export function CommandLine({ name, command, copy }: CommandLineProps) {
  return (
    <div className={classes.line}>
      <code className={classes.command} aria-label={name}>
        {command}
      </code>
      {copy}
    </div>
  );
}
