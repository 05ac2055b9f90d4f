import { type FocusEvent, type MouseEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { countOf } from '#shared/words';
import { answeringOf } from '../../stores/answers';
import { useMirror } from '../../stores/mirror';
import { may } from '../../stores/mirror-model';
import { clearSelection, fold, select, selectSpan, toggle, usePendingList } from '../../stores/pending-list';
import { NewsPill } from '../../ui/news-pill';
import { PageHeader } from '../../ui/page-header';
import { useWidth } from '../../ui/use-width';
import { LeakedKeyCards } from './leaked/leaked-key-cards';
import { AnswerBar } from './list/answer-bar';
import { KeysHelp } from './list/keys-help';
import { NothingPending } from './list/nothing-pending';
import { QuietLine } from './list/quiet-line';
import { pageRowsOf, ReviewList } from './list/review-list';
import { type ListRow, pendingIds, rowsOf } from './list/rows';
import { Toolbar } from './list/toolbar';
import { buttonWith, useListKeys } from './list/use-list-keys';
import { useReviews } from './list/use-reviews';
import { DetailArea } from './panel/detail-area';
import classes from './pending.module.css';
import { useArmed } from './use-armed';

/** Pixels from which the panel stands beside the list. */
const BESIDE_FROM = 640;

const setCursor = (id: string, index: number): void => usePendingList.setState({ cursor: { id, index } });
const openPanel = (isPanelOpen: boolean): void => usePendingList.setState({ isPanelOpen });

export function PendingScreen() {
  const [pointerBusy, setPointerBusy] = useState(false);
  const [focusBusy, setFocusBusy] = useState(false);
  const [atTop, setAtTop] = useState(true);
  const [followsCursor, setFollowsCursor] = useState(false);
  const [keysShown, setKeysShown] = useState(false);
  const area = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const width = useWidth(area);
  const cursor = usePendingList((list) => list.cursor);
  const groupBy = usePendingList((list) => list.groupBy);
  const folded = usePendingList((list) => list.folded);
  const isPanelOpen = usePendingList((list) => list.isPanelOpen);
  const mayAnswer = useMirror((mirror) => may(mirror.account, 'authorized_ips'));
  const isHeld = pointerBusy || focusBusy || !atTop;
  // What somebody looks at stays, also once it is answered.
  const keptId = pointerBusy || focusBusy ? (cursor?.id ?? null) : null;
  const { reviews, pending, waiting, showWaiting } = useReviews(isHeld, keptId);

  const rows = useMemo(() => rowsOf(reviews, groupBy, folded), [reviews, groupBy, folded]);
  const indexOf = useMemo(() => new Map(rows.map(({ id }, index) => [id, index])), [rows]);
  const selectable = useMemo(() => (mayAnswer ? pendingIds(reviews) : []), [mayAnswer, reviews]);
  // A row that went away leaves the cursor to the one in its place.
  const cursorIndex =
    cursor === null ? 0 : (indexOf.get(cursor.id) ?? Math.min(cursor.index, rows.length - 1));
  const row = rows[cursorIndex];
  useEffect(() => {
    if (row !== undefined && (row.id !== cursor?.id || cursorIndex !== cursor.index))
      setCursor(row.id, cursorIndex);
  }, [row, cursor, cursorIndex]);

  // What a click or key has just brought into the panel takes no input for a moment.
  const isSteady = useArmed(`${row?.id ?? ''} ${isPanelOpen}`, true);
  const isBeside = width === 0 || width >= BESIDE_FROM;
  const hasPanel = row !== undefined && (isBeside || isPanelOpen);
  const isSelectable = mayAnswer && selectable.length > 1;

  const close = (): void => {
    openPanel(false);
    grid.current?.focus({ preventScroll: true });
  };
  const move = (index: number, isSpan: boolean): void => {
    const next = rows[index];
    if (next === undefined) return;
    if (isSpan && isSelectable) selectSpan(openIn(rows), next.id, row?.id ?? null);
    setFollowsCursor(true);
    setCursor(next.id, index);
  };
  const selectRow = (pressed: ListRow | undefined): void => {
    if (!isSelectable || pressed === undefined) return;
    if (pressed.kind === 'group') toggleGroup(pendingIds(pressed.group.reviews));
    else if (pressed.review.status === 'pending') toggle(pressed.id);
  };
  const goOn = (): void => {
    const hadFocus =
      document.activeElement === document.body || area.current?.contains(document.activeElement) === true;
    const next = nextOpen(rows, cursorIndex);
    if (next >= 0) move(next, false);
    openPanel(false);
    if (hadFocus) grid.current?.focus({ preventScroll: true });
  };
  const press = (id: string, event: MouseEvent): void => {
    const index = indexOf.get(id) ?? -1;
    const isOnCheckbox = event.target instanceof HTMLInputElement;
    if (event.shiftKey && isSelectable) selectSpan(openIn(rows), id, row?.id ?? null);
    else if (isOnCheckbox || event.ctrlKey || event.metaKey) selectRow(rows[index]);
    else openPanel(true);
    setFollowsCursor(false);
    setCursor(id, index);
    grid.current?.focus({ preventScroll: true });
  };
  // Rows keep their functions, and an answer may come back after the rows have changed.
  const latest = useRef({ press, goOn });
  useEffect(() => {
    latest.current = { press, goOn };
  });
  const onPress = useCallback((id: string, event: MouseEvent) => latest.current.press(id, event), []);
  const onAnswered = useCallback(() => latest.current.goOn(), []);

  useListKeys(area, {
    rowCount: rows.length,
    cursorIndex: row === undefined ? -1 : cursorIndex,
    pageRows: () => pageRowsOf(grid.current?.clientHeight ?? 0),
    move,
    select: () => selectRow(row),
    selectAll: () => select(selectable, true),
    fold(isFolded) {
      if (row?.kind === 'group') fold(row.id, isFolded);
    },
    openPanel() {
      openPanel(true);
      // Waits for the panel.
      requestAnimationFrame(() => area.current && buttonWith(area.current, 'Enter')?.focus());
    },
    back() {
      if (grid.current?.contains(document.activeElement) !== true || isPanelOpen) close();
      else clearSelection();
    },
    showNew: showWaiting,
    showKeys: () => setKeysShown(true),
  });

  return (
    <>
      <PageHeader
        title="Pending"
        description={
          <>
            {pending.length === 0
              ? 'Questions about blocked addresses appear here.'
              : `${countOf(pending.length, 'blocked address waits', 'blocked addresses wait')} for your decision.`}
            <QuietLine />
          </>
        }
      />
      <div
        ref={area}
        className={classes.area}
        // Pointer moves count, not elements that appear below a pointer at rest.
        onPointerMove={(event) => setPointerBusy(isOnOpenReview(event.target))}
        onPointerLeave={() => setPointerBusy(false)}
        onFocus={() => setFocusBusy(true)}
        onBlur={(event) => {
          // Moving from one button to the next does not leave the list.
          if (!staysInside(event)) setFocusBusy(false);
        }}
      >
        <div className={classes.above}>
          <LeakedKeyCards pending={pending} />
          {row !== undefined && (
            <Toolbar selectable={isSelectable ? selectable : []} onShowKeys={() => setKeysShown(true)} />
          )}
        </div>
        <div className={classes.listArea}>
          {waiting > 0 && (
            <NewsPill
              over="cards"
              label={countOf(waiting, 'new question')}
              onClick={() => {
                showWaiting();
                grid.current?.scrollTo({ top: 0 });
              }}
            />
          )}
          {row === undefined ? (
            <NothingPending />
          ) : (
            <ReviewList
              rows={rows}
              cursorIndex={cursorIndex}
              followsCursor={followsCursor}
              isSelectable={isSelectable}
              gridRef={grid}
              onPress={onPress}
              onTopChange={setAtTop}
            />
          )}
          <AnswerBar
            inPanelId={hasPanel ? row.id : null}
            onOpen={isBeside || isPanelOpen ? null : () => openPanel(true)}
          />
        </div>
        {hasPanel && (
          <div className={classes.panelArea} data-over={isBeside ? undefined : ''}>
            <DetailArea
              row={row}
              isSteady={isSteady}
              onClose={isBeside ? null : close}
              onAnswered={onAnswered}
            />
          </div>
        )}
      </div>
      <KeysHelp isOpen={keysShown} onClose={() => setKeysShown(false)} />
    </>
  );
}

const openIn = (rows: readonly ListRow[]): readonly string[] =>
  rows.flatMap((row) => (row.kind === 'review' && row.review.status === 'pending' ? [row.id] : []));

function toggleGroup(open: readonly string[]): void {
  const { selected } = usePendingList.getState();
  select(open, !open.every((id) => selected.has(id)));
}

/** Returns the index of the next pending review, or of the last one before it; -1 if there is none. */
function nextOpen(rows: readonly ListRow[], index: number): number {
  // The news of an answer may come after the answer itself.
  const isOpen = (row: ListRow, at: number): boolean =>
    at !== index &&
    row.kind === 'review' &&
    row.review.status === 'pending' &&
    answeringOf(row.id).ending === null;
  const after = rows.findIndex((row, at) => at > index && isOpen(row, at));
  return after >= 0 ? after : rows.findLastIndex(isOpen);
}

/** Returns true on a pending review, where somebody may be about to press something. */
const isOnOpenReview = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('[data-pending]') !== null;

const staysInside = ({ relatedTarget, currentTarget }: FocusEvent): boolean =>
  relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
