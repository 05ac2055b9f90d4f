import { Button, CloseButton } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { t } from '#shared/i18n/t';
import { type BatchProgress, progressOf } from '../domain/batch-progress';
import { explainFailure } from '../domain/failures';
import { type Batch, type BatchStore, UNDO_MS } from '../stores/batch';
import { useMirror } from '../stores/mirror';
import { useSettled } from '../stores/settled';
import { useNow } from '../ui/clock';
import { FormError } from '../ui/form-error';
import { useArmed } from '../ui/use-armed';
import { useSecondsLeft } from '../ui/use-seconds-left';
import classes from './batch-line.module.css';
import { UndoBatchButton } from './undo-batch-button';

/** A shorter change is over before anybody could read how far it is. */
const SHOW_PROGRESS_AFTER_MS = 300;

interface BatchLineProps<B extends Batch, S extends string> {
  readonly store: BatchStore<B, S>;
  /** Says how many took the change and what failed. */
  readonly sentence: (batch: B, progress: BatchProgress) => string;
  readonly undoWords: string;
  /** True where the screen has a key for Undo. */
  readonly hasUndoKey: boolean;
  readonly onUndo: (batch: B) => void;
  /** Takes back what was not sent yet. */
  readonly onStop?: (batch: B) => void;
}

/** Says how many were changed together, how far that is, and what failed, with Undo while that is possible. */
export function BatchLine<B extends Batch, S extends string>(props: BatchLineProps<B, S>) {
  const last = props.store(({ last: batch }) => batch);
  return last === null ? null : <Line {...props} batch={last} />;
}

function Line<B extends Batch, S extends string>(props: BatchLineProps<B, S> & { readonly batch: B }) {
  const { store, batch, sentence, undoWords, hasUndoKey, onUndo, onStop } = props;
  const step = store((state) => state.step);
  const failure = store((state) => state.failure);
  const settled = useSettled(({ byId }) => byId);
  const isSending = useMirror(({ connection, sync }) => connection.kind === 'online' && sync.waiting > 0);
  const nowMs = useNow();
  const progress = useMemo(() => progressOf(batch, settled), [batch, settled]);
  const isLong = useIsPast(batch.endedAtMs + SHOW_PROGRESS_AFTER_MS);
  const secondsLeft = useSecondsLeft(Math.max(batch.endedAtMs, progress.heardAtMs) + UNDO_MS);
  const isUnderWay = isSending && isLong && progress.left > 0 && !batch.isTakenBack;
  // A failure stays until it is put away.
  const isWrong = batch.refused.length + progress.overtaken + progress.failed > 0 || failure !== null;
  const isOver = secondsLeft === 0 && step !== 'undo' && !isUnderWay && !isWrong;
  // The next change has begun, and is told when it is made.
  const isNext = step !== null && step !== 'undo' && step !== 'stop';
  if (isOver || isNext) return null;
  return (
    <div className={classes.batch}>
      <p role="status">
        {isUnderWay
          ? t('forms.batchProgress', { sent: progress.sent, all: progress.sent + progress.left })
          : sentence(batch, progress)}
      </p>
      <FormError message={failure === null ? null : explainFailure(failure, nowMs).message} />
      {onStop !== undefined && (isUnderWay || step === 'stop') && (
        <StopButton batch={batch} isBusy={step === 'stop'} onStop={() => onStop(batch)} />
      )}
      <UndoBatchButton store={store} batch={batch} words={undoWords} hasKey={hasUndoKey} onUndo={onUndo} />
      <CloseButton size="sm" aria-label={t('forms.putAway')} onClick={() => store.setState({ last: null })} />
    </div>
  );
}

interface StopButtonProps {
  readonly batch: Batch;
  readonly isBusy: boolean;
  readonly onStop: () => void;
}

function StopButton({ batch, isBusy, onStop }: StopButtonProps) {
  const isArmed = useArmed(`${batch.endedAtMs}`);
  return (
    <Button
      variant="default"
      size="compact-sm"
      loading={isBusy}
      disabled={!isArmed && !isBusy}
      onClick={onStop}
    >
      {t('forms.stop')}
    </Button>
  );
}

/** Returns true once the moment, in milliseconds since the epoch, has passed. */
function useIsPast(atMs: number): boolean {
  const [pastMs, setPastMs] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setPastMs(atMs), Math.max(0, atMs - Date.now()));
    return () => clearTimeout(timer);
  }, [atMs]);
  return pastMs === atMs;
}
