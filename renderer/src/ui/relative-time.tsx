import { useNow } from './clock';
import { formatAgo, formatDateTime, formatLogTime } from './format';
import classes from './text.module.css';

export function RelativeTime({ at }: { readonly at: string }) {
  const nowMs = useNow();
  return (
    <time className={classes.time} dateTime={at} title={formatDateTime(at)}>
      {formatAgo(at, nowMs)}
    </time>
  );
}

/** Shows the time of a row in a list. */
export function LogTime({ at }: { readonly at: string }) {
  const nowMs = useNow();
  return (
    <time className={classes.time} dateTime={at} title={formatDateTime(at)}>
      {formatLogTime(at, nowMs)}
    </time>
  );
}
