import { IconLock } from '@tabler/icons-react';
import classes from './not-permitted.module.css';

/** Says below the title of a screen what may not be done there, and why. */
export function NotPermitted({ why }: { readonly why: string | undefined }) {
  if (why === undefined) return null;
  return (
    <p className={classes.line}>
      <IconLock size={15} aria-hidden />
      {why}
    </p>
  );
}
