import { Anchor, Skeleton } from '@mantine/core';
import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { t } from '#shared/i18n/t';
import type { Screen } from '#shared/ipc/screens';
import { serviceWords, toldState } from '#shared/ipc/service-words';
import { bridge } from '../../../bridge/bridge';
import { settle } from '../../../bridge/call';
import type { AskedReview } from '../../../bridge/page';
import { connectionWords } from '../../../domain/connection-words';
import { useMirror } from '../../../stores/mirror';
import { pendingReviews } from '../../../stores/mirror-model';
import { useNow } from '../../../ui/clock';
import { ApprovalReview } from './approval-review';
import classes from './approval.module.css';
import type { GoOn } from './end-buttons';
import { Gone } from './gone';
import { LastAnswer } from './last-answer';

function close(): void {
  return void settle(() => bridge().calls.app.closeWindow());
}
function openConsole(screen: Screen): void {
  return void settle(() => bridge().calls.app.showScreen({ screen }));
}

interface ApprovalViewProps {
  readonly asked: AskedReview;
  readonly onShow: (asked: AskedReview) => void;
}

export function ApprovalView({ asked, onShow }: ApprovalViewProps) {
  const { reviewId, accountId } = asked;
  const status = useMirror((mirror) => mirror.status);
  const shownId = useMirror((mirror) => mirror.shownId);
  const review = useMirror((mirror) => (reviewId === null ? null : (mirror.reviews.get(reviewId) ?? null)));
  const connection = useMirror((mirror) => mirror.connection);
  const others = useMirror(
    useShallow((mirror) => pendingReviews(mirror.reviews).filter(({ id }) => id !== reviewId)),
  );
  const nowMs = useNow();
  const told = serviceWords(toldState(connection));
  useEffect(() => {
    document.title = review === null ? 'Gatehouse' : `${review.ip} – Gatehouse`;
  }, [review]);

  const next = others[0] ?? null;
  const goOn: GoOn | null =
    next === null
      ? null
      : {
          show: () => onShow({ reviewId: next.id, accountId: shownId }),
          label: t('review.next', { count: others.length }),
        };
  // The window hears of the review before it has the account.
  const isReady = status === 'ready' && (accountId === null || accountId === shownId);
  return (
    <main className={classes.window}>
      {status === 'ready' && (connection.kind !== 'online' || told !== undefined) && (
        <p className={classes.offline} role="status">
          {connectionWords(connection, nowMs)}. {told?.why} {t('review.answerIsKept')}
        </p>
      )}
      <LastAnswer exceptFor={reviewId} />
      {review !== null ? (
        <ApprovalReview key={review.id} review={review} goOn={goOn} onClose={close} />
      ) : isReady ? (
        <Gone goOn={goOn} isOfShown={accountId !== null} onClose={close} />
      ) : (
        <div className={classes.body} role="status" aria-label={t('review.loading')}>
          <Skeleton height={14} width={140} />
          <Skeleton height={30} width={260} />
          <Skeleton height={90} />
        </div>
      )}
      <footer className={classes.foot}>
        <Anchor component="button" type="button" size="xs" onClick={() => openConsole('pending')}>
          {t('review.openInConsole')}
        </Anchor>
        <span className={classes.quiet}>
          {t(review?.status === 'pending' ? 'review.escClosesOpen' : 'review.escCloses')}
        </span>
      </footer>
    </main>
  );
}
