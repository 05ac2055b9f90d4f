import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { useMirror } from '../../stores/mirror';
import { pendingCount } from '../../stores/mirror-model';
import { countOf, formatCount } from '../../ui/format';
import { PageHeader } from '../../ui/page-header';
import { NothingPending } from './nothing-pending';
import classes from './pending.module.css';
import { QuestionCard } from './question-card';
import { useQuestions } from './use-questions';

/** Cards laid out at once; thousands of them (a leaked key, tried from everywhere) would freeze the window. */
const CARDS_AT_ONCE = 50;

/** The open questions, one card each. */
export function PendingView() {
  const [pointerInside, setPointerInside] = useState(false);
  const [focusInside, setFocusInside] = useState(false);
  const [limit, setLimit] = useState(CARDS_AT_ONCE);
  const list = useRef<HTMLDivElement>(null);
  const open = useMirror((mirror) => pendingCount(mirror.reviews));
  const { cards, waiting, showWaiting, end, dismiss } = useQuestions(pointerInside || focusInside);

  return (
    <>
      <PageHeader
        title="Pending"
        description={
          open === 0
            ? 'Questions about blocked addresses appear here.'
            : `${countOf(open, 'blocked address waits', 'blocked addresses wait')} for your decision.`
        }
      />
      {waiting > 0 && (
        <div className={classes.pill}>
          <Button
            size="compact-sm"
            radius="xl"
            onClick={() => {
              showWaiting();
              list.current?.scrollTo({ top: 0 });
            }}
          >
            {countOf(waiting, 'new question')}
          </Button>
        </div>
      )}
      <div
        ref={list}
        className={classes.list}
        onPointerEnter={() => setPointerInside(true)}
        onPointerLeave={() => setPointerInside(false)}
        onFocus={() => setFocusInside(true)}
        onBlur={() => setFocusInside(false)}
      >
        {cards.length === 0 ? (
          <NothingPending />
        ) : (
          cards
            .slice(0, limit)
            .map(({ review, ending }) => (
              <QuestionCard key={review.id} review={review} ending={ending} onEnd={end} onDismiss={dismiss} />
            ))
        )}
        {cards.length > limit && (
          <Button variant="default" className={classes.more} onClick={() => setLimit(limit + CARDS_AT_ONCE)}>
            Show {Math.min(CARDS_AT_ONCE, cards.length - limit)} more of {formatCount(cards.length)}
          </Button>
        )}
      </div>
    </>
  );
}
