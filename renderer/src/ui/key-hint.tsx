import classes from './key-hint.module.css';

/** Shows a key beside its action. Hidden from screen readers, which read `aria-keyshortcuts`. */
export function KeyHint({ children }: { readonly children: string }) {
  return (
    <kbd className={classes.key} aria-hidden>
      {children}
    </kbd>
  );
}
