import { type MouseEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { isReporting } from '#shared/domain/reporting';
import { t } from '#shared/i18n/t';
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
import { useBusy } from './list/use-busy';
import { useCursor } from './list/use-cursor';
import { buttonWith, useListKeys } from './list/use-list-keys';
import { useReviews } from './list/use-reviews';
import { DetailArea } from './panel/detail-area';
import classes from './pending.module.css';
import { useArmed } from '../../ui/use-armed';

/** Pixels from which the panel stands beside the list. */
const BESIDE_FROM = 640;

function openPanel(isPanelOpen: boolean): void {
  usePendingList.setState({ isPanelOpen });
}

export function PendingScreen() {
  const [isAtTop, setIsAtTop] = useState(true);
  const [keysShown, setKeysShown] = useState(false);
  const area = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const width = useWidth(area);
  const groupBy = usePendingList((list) => list.groupBy);
  const folded = usePendingList((list) => list.folded);
  const isPanelOpen = usePendingList((list) => list.isPanelOpen);
  const cursorId = usePendingList((list) => list.cursor?.id ?? null);
  const mayAnswer = useMirror((mirror) => may(mirror.account, 'authorized_ips'));
  const { isBusy, listeners } = useBusy();
  // What somebody looks at stays, also once it is answered.
  const listed = useReviews(isBusy || !isAtTop, isBusy ? cursorId : null);
  const { reviews, pending, waiting } = listed;
  const isReported = useMirror(
    ({ account, keys }) =>
      pending.length > 0 && pending.every(({ keyId }) => isReporting(account, keys.get(keyId))),
  );
  const rows = useMemo(() => rowsOf(reviews, groupBy, folded), [reviews, groupBy, folded]);
  const selectable = useMemo(() => (mayAnswer ? pendingIds(reviews) : []), [mayAnswer, reviews]);
  const isSelectable = selectable.length > 1;
  const { row, ...cursor } = useCursor(rows);
  // What a click or key has just brought into the panel takes no input for a moment.
  const isSteady = useArmed(`${row?.id ?? ''} ${isPanelOpen}`, true);
  const isBeside = width === 0 || width >= BESIDE_FROM;
  const hasPanel = row !== undefined && (isBeside || isPanelOpen);

  const focusList = (): void => grid.current?.focus({ preventScroll: true });
  const close = (): void => {
    openPanel(false);
    focusList();
  };
  const showNew = (): void => {
    listed.showWaiting();
    grid.current?.scrollTo({ top: 0 });
  };
  const selectRow = (pressed: ListRow | undefined): void => {
    if (!isSelectable || pressed === undefined) return;
    if (pressed.kind === 'group') toggleGroup(pendingIds(pressed.group.reviews));
    else if (pressed.review.status === 'pending') toggle(pressed.id);
  };
  const selectTo = (id: string): void => {
    if (isSelectable) selectSpan(pendingIn(rows), id, row?.id ?? null);
  };
  const goOn = (): void => {
    const { activeElement } = document;
    const hadFocus = activeElement === document.body || area.current?.contains(activeElement) === true;
    cursor.moveTo(nextPending(rows, cursor.index), 'keyboard');
    openPanel(false);
    if (hadFocus) focusList();
  };
  const press = (id: string, event: MouseEvent): void => {
    const index = cursor.indexOf(id);
    const isOnCheckbox = event.target instanceof HTMLInputElement;
    if (event.shiftKey) selectTo(id);
    else if (isOnCheckbox || event.ctrlKey || event.metaKey) selectRow(rows[index]);
    else openPanel(true);
    cursor.moveTo(index, 'pointer');
    focusList();
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
    cursorIndex: cursor.index,
    pageRows: () => pageRowsOf(grid.current?.clientHeight ?? 0),
    move(index, isSpan) {
      const next = rows[index];
      if (isSpan && next !== undefined) selectTo(next.id);
      cursor.moveTo(index, 'keyboard');
    },
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
    showNew,
    showKeys: () => setKeysShown(true),
  });

  return (
    <>
      <PageHeader
        title={t('frame.screen_pending')}
        description={
          <>
            {pending.length > 0
              ? t(isReported ? 'pending.waitingReported' : 'pending.waiting', { count: pending.length })
              : t(row === undefined ? 'pending.appearHere' : 'pending.allAnswered')}
            <QuietLine />
          </>
        }
      />
      <div ref={area} className={classes.area} {...listeners}>
        <div className={classes.above}>
          <LeakedKeyCards pending={pending} />
          {row !== undefined && (
            <Toolbar selectable={isSelectable ? selectable : []} onShowKeys={() => setKeysShown(true)} />
          )}
        </div>
        <div className={classes.listArea}>
          {waiting > 0 && (
            <NewsPill over="cards" label={t('pending.newReviews', { count: waiting })} onClick={showNew} />
          )}
          {row === undefined ? (
            <NothingPending />
          ) : (
            <ReviewList
              rows={rows}
              cursorIndex={cursor.index}
              followsCursor={cursor.isFollowed}
              isSelectable={isSelectable}
              gridRef={grid}
              onPress={onPress}
              onTopChange={setIsAtTop}
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

function pendingIn(rows: readonly ListRow[]): readonly string[] {
  return pendingIds(rows.flatMap((row) => (row.kind === 'review' ? [row.review] : [])));
}

function toggleGroup(ids: readonly string[]): void {
  const { selected } = usePendingList.getState();
  select(ids, !ids.every((id) => selected.has(id)));
}

/** Returns the index of the next pending review, or of the last one before it; -1 if there is none. */
function nextPending(rows: readonly ListRow[], index: number): number {
  // The news of an answer may come after the answer itself.
  const isPending = (row: ListRow, at: number): boolean =>
    at !== index &&
    row.kind === 'review' &&
    row.review.status === 'pending' &&
    answeringOf(row.id).ending === null;
  const after = rows.findIndex((row, at) => at > index && isPending(row, at));
  return after >= 0 ? after : rows.findLastIndex(isPending);
}
