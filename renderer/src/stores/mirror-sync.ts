import { SECOND_MS } from '#shared/durations';
import type { MirrorPatch, MirrorSnapshot } from '#shared/ipc/mirror';
import type { Failure, Outcome } from '#shared/ipc/failure';
import { applyPatch, type Mirror, mirrorOf, orderOf } from './mirror-model';
import { createPace } from './pace';

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
const LONGEST_RETRY_MS = 10 * SECOND_MS;

/**
 * Keeps the target equal to main's state: it subscribes and buffers patches, loads the snapshot, drops the patches that the
 * snapshot contains, applies the rest in order, and loads again if one was missed. Patches that arrive faster than the page
 * renders are applied together. Returns a function that stops it.
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
    const { mirror, rest } = withPatches(mirrorOf(outcome.value), waiting);
    waiting = rest;
    target.replace(mirror);
    // The delay keeps a main process that contradicts itself from being asked in a tight loop.
    if (waiting.length > 0) timer = setTimeout(() => void fetchSnapshot(), retryMs);
  };

  const receive = (patch: MirrorPatch): void => {
    waiting.push(patch);
    if (target.current() !== null && !fetching) pace.ask();
  };

  const show = (): void => {
    const shown = target.current();
    if (shown === null || fetching) return;
    const { mirror, rest } = withPatches(shown, waiting);
    waiting = rest;
    if (mirror !== shown) target.replace(mirror);
    if (rest.length > 0) void fetchSnapshot();
  };
  const pace = createPace(show);

  // A function, because the compiler does not see that the variable may change during an await.
  const isStopped = (): boolean => stopped;

  const unsubscribe = source.onPatch(receive);
  void fetchSnapshot();
  return () => {
    stopped = true;
    unsubscribe();
    pace.stop();
    clearTimeout(timer);
  };
}

/** Applies consecutive patches and drops known ones. `rest` begins where a patch is missing. */
function withPatches(
  before: Mirror,
  patches: readonly MirrorPatch[],
): { readonly mirror: Mirror; readonly rest: MirrorPatch[] } {
  let mirror = before;
  for (const [index, patch] of patches.entries()) {
    const order = orderOf(mirror, patch);
    if (order === 'gap') return { mirror, rest: patches.slice(index) };
    if (order === 'next') mirror = applyPatch(mirror, patch);
  }
  return { mirror, rest: [] };
}
