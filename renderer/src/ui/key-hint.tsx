import classes from './key-hint.module.css';

/** A key beside what it does; silent, because `aria-keyshortcuts` says it to those who do not see it. */
export function KeyHint({ children }: { readonly children: string }) {
  return (
    <kbd className={classes.key} aria-hidden>
      {children}
    </kbd>
  );
}
