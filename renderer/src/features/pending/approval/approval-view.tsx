import { Anchor, Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Screen } from '#shared/ipc/app';
import { serviceWords, toldState } from '#shared/ipc/service-words';
import { countOf } from '#shared/words';
import { bridge } from '../../../bridge/bridge';
import { settle } from '../../../bridge/call';
import { connectionWords, serviceName } from '../../../domain/connection-words';
import { useMirror } from '../../../stores/mirror';
import { pendingReviews } from '../../../stores/mirror-model';
import { useNow } from '../../../ui/clock';
import { ApprovalReview } from './approval-review';
import classes from './approval.module.css';
import { EndButtons, type GoOn } from './end-buttons';
import { LastAnswer } from './last-answer';
import { useApprovalKeys } from './use-approval-keys';

function close(): void {
  return void settle(() => bridge().calls.app.closeWindow());
}
function openConsole(screen: Screen): void {
  return void settle(() => bridge().calls.app.showScreen({ screen }));
}

interface ApprovalViewProps {
  readonly reviewId: string | null;
  readonly onShow: (reviewId: string) => void;
}

export function ApprovalView({ reviewId, onShow }: ApprovalViewProps) {
  const status = useMirror((mirror) => mirror.status);
  const review = useMirror((mirror) => (reviewId === null ? null : (mirror.reviews.get(reviewId) ?? null)));
  const connection = useMirror((mirror) => mirror.connection);
  const others = useMirror(
    useShallow((mirror) => pendingReviews(mirror.reviews).filter(({ id }) => id !== reviewId)),
  );
  const nowMs = useNow();
  // Remembers the last review that was here. One that was never here does not belong to this account.
  const [hereId, setHereId] = useState<string | null>(null);
  if (review !== null && review.id !== hereId) setHereId(review.id);
  const told = serviceWords(toldState(connection));
  useEffect(() => {
    document.title = review === null ? 'Gatehouse' : `${review.ip} – Gatehouse`;
  }, [review]);

  const next = others[0] ?? null;
  const goOn =
    next === null
      ? null
      : { show: () => onShow(next.id), label: `Next review (${countOf(others.length, 'more', 'more')})` };
  return (
    <main className={classes.window}>
      {status === 'ready' && (connection.kind !== 'online' || told !== undefined) && (
        <p className={classes.offline} role="status">
          {connectionWords(connection, nowMs)}. {told?.why} An answer is kept, and sent when the service takes
          it.
        </p>
      )}
      <LastAnswer exceptFor={reviewId} />
      {review !== null ? (
        <ApprovalReview key={review.id} review={review} goOn={goOn} onClose={close} />
      ) : status === 'ready' ? (
        <Gone goOn={goOn} wasHere={hereId === reviewId} />
      ) : (
        <div className={classes.body} role="status" aria-label="Loading">
          <Skeleton height={14} width={140} />
          <Skeleton height={30} width={260} />
          <Skeleton height={90} />
        </div>
      )}
      <footer className={classes.foot}>
        <Anchor component="button" type="button" size="xs" onClick={() => openConsole('pending')}>
          Open in console
        </Anchor>
        <span className={classes.quiet}>
          {review?.status === 'pending' ? 'Esc closes; the review stays open' : 'Esc closes'}
        </span>
      </footer>
    </main>
  );
}

interface GoneProps {
  readonly goOn: GoOn | null;
  /** True if this window has shown the review. */
  readonly wasHere: boolean;
}

function Gone({ goOn, wasHere }: GoneProps) {
  const account = useMirror((mirror) => mirror.account);
  const connection = useMirror((mirror) => mirror.connection);
  const where = connection.kind === 'none' ? '' : ` (${serviceName(connection.service)})`;
  useApprovalKeys('gone', {
    confirm: goOn?.show ?? null,
    deny: null,
    undo: null,
    chooseDuration: null,
    close,
  });
  return (
    <div className={classes.body}>
      <h1 className={classes.title}>
        {wasHere ? 'This review is not here any more' : 'This account has no such review'}
      </h1>
      <p className={classes.quiet}>
        {wasHere
          ? 'It was answered, or it went away.'
          : account === null
            ? 'This console is connected to no account. Connect to the one that the link is of, then open the link again.'
            : `The link is of another account than “${account.name}”${where}, or the review was answered long ago. ` +
              'To answer it, connect to the account that the link is of.'}
      </p>
      <EndButtons goOn={goOn} armed onClose={close} />
    </div>
  );
}
