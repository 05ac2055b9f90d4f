import { Button, Checkbox } from '@mantine/core';
import { type FocusEvent, useRef, useState } from 'react';
import { countOf, formatCount } from '#shared/words';
import { useMirror } from '../../stores/mirror';
import { may, pendingCount } from '../../stores/mirror-model';
import { NewsPill } from '../../ui/news-pill';
import { PageHeader } from '../../ui/page-header';
import { BulkBar } from './bulk/bulk-bar';
import { NothingPending } from './list/nothing-pending';
import classes from './pending.module.css';
import { ReviewCard } from './list/review-card';
import { QuietLine } from './list/quiet-line';
import { useArmed } from './use-armed';
import { useReviews } from './list/use-reviews';
import { useSelection } from './bulk/use-selection';

/** Thousands of cards (a leaked key, tried from everywhere) would freeze the window. */
const CARDS_AT_ONCE = 50;

export function PendingScreen() {
  const [pointerBusy, setPointerBusy] = useState(false);
  const [focusBusy, setFocusBusy] = useState(false);
  const [limit, setLimit] = useState(CARDS_AT_ONCE);
  const list = useRef<HTMLDivElement>(null);
  const open = useMirror((mirror) => pendingCount(mirror.reviews));
  const mayAnswer = useMirror((mirror) => may(mirror.account, 'authorized_ips'));
  const { cards, waiting, showWaiting, dismiss } = useReviews(pointerBusy || focusBusy);
  const laidOut = cards.slice(0, limit);
  // The first cards take input at once; whatever has just moved does not.
  const isSteady = useArmed(laidOut.map(({ id }) => id).join(' '), true);
  const { selected, select, selectAll, clear } = useSelection(laidOut);
  const selectable = laidOut.filter(({ status }) => status === 'pending');
  const offersSelection = mayAnswer && laidOut.length > 1;

  return (
    <>
      <PageHeader
        title="Pending"
        description={
          <>
            {open === 0
              ? 'Questions about blocked addresses appear here.'
              : `${countOf(open, 'blocked address waits', 'blocked addresses wait')} for your decision.`}
            <QuietLine />
          </>
        }
        actions={
          offersSelection && selectable.length > 0 ? (
            <Checkbox
              label={`Select ${selectable.length < open ? `these ${selectable.length}` : `all ${open}`}`}
              checked={selected.length === selectable.length && selected.length > 0}
              indeterminate={selected.length > 0 && selected.length < selectable.length}
              onChange={(event) => (event.currentTarget.checked ? selectAll(selectable) : clear())}
            />
          ) : undefined
        }
      />
      <div
        className={classes.area}
        // Pointer moves count, not elements that appear below a pointer at rest.
        onPointerMove={(event) => setPointerBusy(isOnOpenCard(event.target))}
        onPointerLeave={() => setPointerBusy(false)}
        onFocus={(event) => setFocusBusy(isOnOpenCard(event.target))}
        onBlur={(event) => {
          // Moving from one button to the next does not leave the card.
          if (!staysInside(event)) setFocusBusy(false);
        }}
      >
        {waiting > 0 && (
          <NewsPill
            over="cards"
            label={countOf(waiting, 'new question')}
            onClick={() => {
              showWaiting();
              list.current?.scrollTo({ top: 0 });
            }}
          />
        )}
        <div ref={list} className={classes.list}>
          {cards.length === 0 ? (
            <NothingPending />
          ) : (
            laidOut.map((review) => (
              <ReviewCard
                key={review.id}
                review={review}
                selected={offersSelection ? selected.some(({ id }) => id === review.id) : null}
                onSelect={select}
                isSteady={isSteady}
                onDismiss={dismiss}
              />
            ))
          )}
          {cards.length > limit && (
            <Button
              variant="default"
              className={classes.more}
              onClick={() => setLimit(limit + CARDS_AT_ONCE)}
            >
              Show {Math.min(CARDS_AT_ONCE, cards.length - limit)} more of {formatCount(cards.length)}
            </Button>
          )}
        </div>
        <BulkBar selected={selected} onClear={clear} />
      </div>
    </>
  );
}

/** Returns true on a pending card, where somebody may be about to press a button. */
const isOnOpenCard = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('article:not([data-ended])') !== null;

const staysInside = ({ relatedTarget, currentTarget }: FocusEvent): boolean =>
  relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
