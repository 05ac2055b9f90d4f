import { Button, CloseButton } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { t } from '#shared/i18n/t';
import { explainFailure } from '../../../domain/failures';
import { type Batch, useBatch } from '../../../stores/batch';
import { useMirror } from '../../../stores/mirror';
import { useSettled } from '../../../stores/settled';
import { useNow } from '../../../ui/clock';
import { FormError } from '../../../ui/form-error';
import { useSecondsLeft } from '../../../ui/use-seconds-left';
import { UNDO_MS } from '../model';
import { useArmed } from '../use-armed';
import { stopTogether } from './answer-together';
import { type BatchProgress, progressOf } from './batch-progress';
import classes from './bulk.module.css';
import { UndoBatchButton } from './undo-batch-button';

/** What takes less is over before anybody could read how far it is. */
const SHOW_PROGRESS_AFTER_MS = 300;

/** Says how many reviews were answered together, how far that is, and what failed, with Undo while that is possible. */
export function BatchLine() {
  const last = useBatch((state) => state.last);
  return last === null ? null : <Line batch={last} />;
}

function Line({ batch }: { readonly batch: Batch }) {
  const step = useBatch((state) => state.step);
  const failure = useBatch((state) => state.failure);
  const settled = useSettled(({ byId }) => byId);
  const isSending = useMirror(({ connection, sync }) => connection.kind === 'online' && sync.waiting > 0);
  const nowMs = useNow();
  const progress = useMemo(() => progressOf(batch, settled), [batch, settled]);
  const isLong = useIsPast(batch.endedAtMs + SHOW_PROGRESS_AFTER_MS);
  const secondsLeft = useSecondsLeft(Math.max(batch.endedAtMs, progress.heardAtMs) + UNDO_MS);
  const isUnderWay = isSending && isLong && progress.left > 0 && !batch.isTakenBack;
  // What went wrong stays until it is put away.
  const isWrong = batch.refused.length + progress.overtaken + progress.failed > 0 || failure !== null;
  const isOver = secondsLeft === 0 && step !== 'undo' && !isUnderWay && !isWrong;
  if (isOver || step === 'authorize' || step === 'deny') return null;
  return (
    <div className={classes.batch}>
      <p role="status">{isUnderWay ? progressSentence(progress) : batchSentence(batch, progress)}</p>
      <FormError message={failure === null ? null : explainFailure(failure, nowMs).message} />
      {(isUnderWay || step === 'stop') && <StopButton batch={batch} />}
      <UndoBatchButton batch={batch} />
      <CloseButton
        size="sm"
        aria-label={t('answer.putAway')}
        onClick={() => useBatch.setState({ last: null })}
      />
    </div>
  );
}

/** Takes back what was not sent yet. */
function StopButton({ batch }: { readonly batch: Batch }) {
  const isBusy = useBatch(({ step }) => step === 'stop');
  const isArmed = useArmed(`${batch.endedAtMs}`);
  return (
    <Button
      variant="default"
      size="compact-sm"
      loading={isBusy}
      disabled={!isArmed && !isBusy}
      onClick={() => void stopTogether(batch)}
    >
      {t('answer.stop')}
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

/** Returns for example `312 of 1,000 sent`. */
function progressSentence({ sent, left }: BatchProgress): string {
  return t('answer.batchProgress', { sent, all: sent + left });
}

/** Returns for example `38 reviews answered. 2 were not: This review was answered already.` */
export function batchSentence(batch: Batch, { overtaken, failed, reason }: BatchProgress): string {
  const { reviewIds, refused, isTakenBack, stopped } = batch;
  const [first] = refused;
  const sentences = [
    !isTakenBack && t('answer.batchAnswered', { count: Math.max(0, reviewIds.length - overtaken - failed) }),
    isTakenBack && t('answer.batchTakenBack', { count: reviewIds.length }),
    !isTakenBack && stopped > 0 && t('answer.batchTakenBack', { count: stopped }),
    !isTakenBack && overtaken > 0 && t('answer.batchOvertaken', { number: overtaken }),
    !isTakenBack && failed > 0 && t('answer.batchFailed', { number: failed, reason: reason ?? '' }),
    first !== undefined && t('answer.batchRefused', { count: refused.length, message: first.message }),
  ];
  return sentences.filter((sentence) => sentence !== false).join(' ');
}
