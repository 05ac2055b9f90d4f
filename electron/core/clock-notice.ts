import type { Notice } from '#shared/ipc/app';
import { MINUTE_MS } from '#shared/durations';
import { countOf } from '#shared/words';
import type { ConnectionNotices } from './notices';
import type { Replica } from './sync/replica';

const ID = 'clocks-differ';
/** Clocks that differ by less are usual, and change no decision. */
const TOLD_FROM_MS = 2 * MINUTE_MS;

/** Keeps a notice up while this computer's clock differs from the service's. Returns a function that stops it. */
export function tellClocks(replica: Replica, notices: ConnectionNotices): () => void {
  let told: string | undefined;
  return replica.subscribe(() => {
    const notice = clockNotice(replica.clockOffsetMs);
    // A notice that a person has dismissed does not come back with the same text.
    if (notice?.message === told) return;
    told = notice?.message;
    if (notice === undefined) notices.dismiss(ID);
    else notices.add(notice);
  });
}

/** Returns undefined for clocks that agree. */
export function clockNotice(offsetMs: number): Notice | undefined {
  if (Math.abs(offsetMs) <= TOLD_FROM_MS) return undefined;
  const side = offsetMs < 0 ? 'ahead of' : 'behind';
  return {
    id: ID,
    severity: 'warning',
    title: 'Two clocks differ',
    message:
      `This computer’s clock is ${spanWords(Math.abs(offsetMs))} ${side} the service’s clock. What Gatehouse counts from now, ` +
      'such as “in 1 hour”, goes by the service’s. Set the clock that is wrong.',
  };
}

const MINUTES_A_DAY = 1_440;

function spanWords(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  const parts: readonly (readonly [number, string])[] =
    minutes >= MINUTES_A_DAY
      ? [
          [Math.floor(minutes / MINUTES_A_DAY), 'day'],
          [Math.floor((minutes % MINUTES_A_DAY) / 60), 'hour'],
        ]
      : [
          [Math.floor(minutes / 60), 'hour'],
          [minutes % 60, 'minute'],
        ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => countOf(count, unit))
    .join(' and ');
}
