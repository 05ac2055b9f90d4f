import { CloseButton } from '@mantine/core';
import { IconCircleCheck, IconForbid2, IconUserCheck } from '@tabler/icons-react';
import { useEffect, useId, useLayoutEffect, useRef } from 'react';
import type { Review } from '#shared/domain/entities';
import { copyText } from '../../bridge/copy-text';
import { useMirror } from '../../stores/mirror';
import { useEnding } from '../../stores/settled';
import { AddressText } from '../../ui/address-text';
import { useNow } from '../../ui/clock';
import { CopyButton } from '../../ui/copy-button';
import { AnswerPanel } from './answer-panel';
import { endingWords } from './ending-words';
import { type Ending, operationOf } from './model';
import classes from './pending.module.css';
import { QuestionFacts } from './question-facts';
import { useAnswer } from './use-answer';

interface QuestionCardProps {
  readonly review: Review;
  /** How this window knows that it ended, if it did. */
  readonly ending: Ending | null;
  readonly onEnd: (reviewId: string, ending: Ending) => void;
  readonly onDismiss: (reviewId: string) => void;
}

/** One open question. Once answered it keeps its place and size, so that nothing moves under the pointer. */
export function QuestionCard({ review, ending: ownEnding, onEnd, onDismiss }: QuestionCardProps) {
  const titleId = useId();
  const answering = useAnswer(review, (ending) => onEnd(review.id, ending));
  // While our own answer is on its way, the news of it may come before its acknowledgement.
  const elsewhere: Ending | null =
    review.status !== 'pending' && answering.step === null ? { kind: 'elsewhere', review } : null;
  const settled = useEnding(operationOf(ownEnding));
  const isOpenAgain = settled?.outcome === 'undone' && review.status === 'pending';
  const ending = isOpenAgain ? null : (ownEnding ?? elsewhere);
  const answer = useKeptHeight(ending !== null);
  return (
    <article className={classes.card} aria-labelledby={titleId} data-ended={ending === null ? undefined : ''}>
      <div className={classes.cardHead}>
        <h2 id={titleId} className={classes.address}>
          <AddressText value={review.ip} size="lg" />
        </h2>
        <CopyButton what="address" onCopy={() => copyText(review.ip)} />
      </div>
      <QuestionFacts review={review} ended={ending !== null} />
      <div ref={answer} className={classes.answer}>
        {ending === null ? (
          <AnswerPanel review={review} layout="line" answering={answering} />
        ) : (
          <EndingLine
            ending={ending}
            byUs={ownEnding !== null}
            ip={review.ip}
            onDismiss={() => onDismiss(review.id)}
          />
        )}
      </div>
    </article>
  );
}

/** Keeps an element as high as it was before `ended`: an answered card must not pull the next one under the pointer. */
function useKeptHeight(ended: boolean) {
  const element = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  useLayoutEffect(() => {
    if (element.current === null) return;
    if (ended) element.current.style.minHeight = `${height.current}px`;
    else height.current = element.current.offsetHeight;
  });
  return element;
}

const ICONS = { authorized: IconCircleCheck, denied: IconForbid2, elsewhere: IconUserCheck } as const;

interface EndingLineProps {
  readonly ending: Ending;
  /** Answered from this card: the focus was on a button that is gone now. */
  readonly byUs: boolean;
  readonly ip: string;
  readonly onDismiss: () => void;
}

function EndingLine({ ending, byUs, ip, onDismiss }: EndingLineProps) {
  const nowMs = useNow();
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (byUs && (document.activeElement === null || document.activeElement === document.body)) {
      line.current?.focus({ preventScroll: true });
    }
  }, [byUs]);
  const settled = useEnding(operationOf(ending));
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const { title, detail } = endingWords(ending, settled, isOnline, nowMs);
  const Icon = ICONS[ending.kind];
  return (
    <div ref={line} tabIndex={-1} role="status" className={classes.ending} data-kind={ending.kind}>
      <Icon size={18} aria-hidden />
      <p>
        <strong>{title}</strong> {detail}
      </p>
      <CloseButton size="sm" aria-label={`Put ${ip} away`} onClick={onDismiss} />
    </div>
  );
}
