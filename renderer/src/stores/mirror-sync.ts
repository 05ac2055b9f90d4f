import type { MirrorPatch, MirrorSnapshot } from '#shared/ipc/contract';
import type { Failure, Outcome } from '#shared/ipc/failure';
import { applyPatch, type Mirror, mirrorOf, placeOf } from './mirror-model';

export interface MirrorSource {
  readonly snapshot: () => Promise<Outcome<MirrorSnapshot>>;
  readonly onPatch: (listener: (patch: MirrorPatch) => void) => () => void;
}

export interface MirrorTarget {
  readonly current: () => Mirror | null;
  readonly replace: (mirror: Mirror) => void;
  readonly fail: (failure: Failure) => void;
}

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;

/**
 * Keeps the target equal to main's state: subscribe first and keep patches aside, take the snapshot, drop the patches
 * that it contains, apply the rest in order, and take a snapshot again when one was missed. Gives a function that stops it.
 */
export function startMirrorSync(source: MirrorSource, target: MirrorTarget): () => void {
  let stopped = false;
  let fetching = false;
  let waiting: MirrorPatch[] = [];
  let retryMs = FIRST_RETRY_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const fetchSnapshot = async (): Promise<void> => {
    if (fetching || stopped) return;
    fetching = true;
    const outcome = await source.snapshot();
    fetching = false;
    if (isStopped()) return;
    if (!outcome.ok) {
      target.fail(outcome.failure);
      timer = setTimeout(() => void fetchSnapshot(), retryMs);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      return;
    }
    retryMs = FIRST_RETRY_MS;
    let mirror = mirrorOf(outcome.value);
    const held = waiting;
    waiting = [];
    for (const [index, patch] of held.entries()) {
      const place = placeOf(mirror, patch);
      if (place === 'next') mirror = applyPatch(mirror, patch);
      if (place === 'gap') {
        waiting = held.slice(index);
        break;
      }
    }
    target.replace(mirror);
    // Later than at once, so that a main process that contradicts itself is not asked in a tight loop.
    if (waiting.length > 0) timer = setTimeout(() => void fetchSnapshot(), retryMs);
  };

  const receive = (patch: MirrorPatch): void => {
    const mirror = target.current();
    if (mirror === null || fetching) {
      waiting.push(patch);
      return;
    }
    const place = placeOf(mirror, patch);
    if (place === 'next') target.replace(applyPatch(mirror, patch));
    if (place === 'gap') {
      waiting.push(patch);
      void fetchSnapshot();
    }
  };

  // Behind a function, because a compiler does not see that a caller may stop us during an await.
  const isStopped = (): boolean => stopped;

  const unsubscribe = source.onPatch(receive);
  void fetchSnapshot();
  return () => {
    stopped = true;
    unsubscribe();
    clearTimeout(timer);
  };
}
