import { Anchor, Button, Skeleton } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Review } from '#shared/domain/entities';
import type { Screen } from '#shared/ipc/contract';
import { bridge } from '../../bridge/bridge';
import { copyText } from '../../bridge/copy-text';
import { settle } from '../../bridge/call';
import { connectionWords } from '../../domain/connection-words';
import { useMirror } from '../../stores/mirror';
import { useEnding } from '../../stores/settled';
import { pendingReviews } from '../../stores/mirror-model';
import { AddressText } from '../../ui/address-text';
import { useNow } from '../../ui/clock';
import { CopyButton } from '../../ui/copy-button';
import { countOf } from '../../ui/format';
import { AnswerPanel } from './answer-panel';
import classes from './approval.module.css';
import { endingWords } from './ending-words';
import { type Ending, operationOf } from './model';
import { QuestionFacts } from './question-facts';
import { useAnswer } from './use-answer';
import { useArmed } from './use-armed';

const close = (): void => void settle(() => bridge().calls.app.closeWindow());
const openConsole = (screen: Screen): void => void settle(() => bridge().calls.app.showScreen({ screen }));

interface ApprovalViewProps {
  readonly reviewId: string | null;
  readonly onShow: (reviewId: string) => void;
}

/** The approval window: one question, made for the keyboard. */
export function ApprovalView({ reviewId, onShow }: ApprovalViewProps) {
  const status = useMirror((mirror) => mirror.status);
  const review = useMirror((mirror) => (reviewId === null ? null : (mirror.reviews.get(reviewId) ?? null)));
  const connection = useMirror((mirror) => mirror.connection);
  const others = useMirror(
    useShallow((mirror) => pendingReviews(mirror.reviews).filter(({ id }) => id !== reviewId)),
  );
  const nowMs = useNow();

  useEffect(() => {
    const handle = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      // In a dialog Escape belongs to the dialog.
      if (event.target instanceof Element && event.target.closest('[role="dialog"]') !== null) return;
      close();
    };
    window.addEventListener('keydown', handle);
    return () => window.removeEventListener('keydown', handle);
  }, []);
  useEffect(() => {
    document.title = review === null ? 'Gatehouse' : `${review.ip} – Gatehouse`;
  }, [review]);

  const next = others[0] ?? null;
  const nextButton =
    next === null ? null : (
      <Button onClick={() => onShow(next.id)} data-autofocus>
        Next question ({countOf(others.length, 'more', 'more')})
      </Button>
    );
  return (
    <main className={classes.window}>
      {connection.kind !== 'online' && status === 'ready' && (
        <p className={classes.offline} role="status">
          {connectionWords(connection, nowMs)}. An answer is kept, and sent when the service answers.
        </p>
      )}
      {review !== null ? (
        <Question key={review.id} review={review} nextButton={nextButton} />
      ) : status === 'ready' ? (
        <div className={classes.body}>
          <h1 className={classes.title}>This question is not here any more</h1>
          <p className={classes.quiet}>It was answered, or it went away, before this window could show it.</p>
          <div className={classes.endButtons}>
            {nextButton}
            <Button variant="default" onClick={close}>
              Close
            </Button>
          </div>
        </div>
      ) : (
        <div className={classes.body} role="status" aria-label="Loading">
          <Skeleton height={14} width={140} />
          <Skeleton height={30} width={260} />
          <Skeleton height={90} />
        </div>
      )}
      <footer className={classes.foot}>
        <Anchor component="button" type="button" size="sm" onClick={() => openConsole('pending')}>
          Open in console
        </Anchor>
        <span className={classes.quiet}>
          {review?.status === 'pending' ? 'Esc closes; the question stays open' : 'Esc closes'}
        </span>
      </footer>
    </main>
  );
}

interface QuestionProps {
  readonly review: Review;
  readonly nextButton: React.ReactNode;
}

function Question({ review, nextButton }: QuestionProps) {
  const [ownEnding, setOwnEnding] = useState<Ending | null>(null);
  const answering = useAnswer(review, setOwnEnding);
  const armed = useArmed(review.id);
  const heading = useRef<HTMLHeadingElement>(null);
  const nowMs = useNow();
  const elsewhere: Ending | null =
    review.status !== 'pending' && answering.step === null ? { kind: 'elsewhere', review } : null;
  const settled = useEnding(operationOf(ownEnding));
  const isOpenAgain = settled?.outcome === 'undone' && review.status === 'pending';
  const ending = isOpenAgain ? null : (ownEnding ?? elsewhere);
  const ended = ending !== null;

  useEffect(() => {
    heading.current?.focus();
  }, [ended]);

  return (
    <div className={classes.body}>
      <p className={classes.kicker} data-ended={ended ? '' : undefined}>
        {ended ? 'Question answered' : 'Blocked, and waiting for you'}
      </p>
      <div className={classes.addressLine}>
        <h1 ref={heading} tabIndex={-1} className={classes.title}>
          <AddressText value={review.ip} size="xl" />
        </h1>
        <CopyButton what="address" onCopy={() => copyText(review.ip)} />
      </div>
      <div className={classes.facts} data-ended={ended ? '' : undefined}>
        <QuestionFacts review={review} ended={ended} />
      </div>
      {ending === null ? (
        <AnswerPanel review={review} layout="stacked" answering={answering} guarded={!armed} />
      ) : (
        <>
          <EndingText ending={ending} nowMs={nowMs} />
          <div className={classes.endButtons}>
            {nextButton}
            <Button variant="default" onClick={close}>
              Close
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

function EndingText({ ending, nowMs }: { readonly ending: Ending; readonly nowMs: number }) {
  const settled = useEnding(operationOf(ending));
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const { title, detail } = endingWords(ending, settled, isOnline, nowMs);
  return (
    <div className={classes.ending} data-kind={ending.kind} role="status">
      <strong>{title}</strong>
      {detail !== '' && <p>{detail}</p>}
    </div>
  );
}
