import { useNow } from './clock';
import { formatAgo, formatDateTime } from './format';
import classes from './text.module.css';

export function RelativeTime({ at }: { readonly at: string }) {
  const nowMs = useNow();
  return (
    <time className={classes.time} dateTime={at} title={formatDateTime(at)}>
      {formatAgo(at, nowMs)}
    </time>
  );
}
