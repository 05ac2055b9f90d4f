import type { Notice } from '#shared/ipc/contract';
import type { Notices } from './notices';
import type { Replica } from './sync/replica';

const ID = 'clocks-differ';
/** Clocks that differ by less are usual, and change no decision. */
const TOLD_FROM_MS = 2 * 60_000;

/** Tells for as long as it is the case that this computer's clock and the service's differ. Gives a function that stops it. */
export function tellClocks(replica: Replica, notices: Notices): () => void {
  let told: string | undefined;
  return replica.subscribe(() => {
    const notice = clockNotice(replica.clockOffsetMs);
    // What a person has dismissed does not come back while it would say the same.
    if (notice?.message === told) return;
    told = notice?.message;
    if (notice === undefined) notices.dismiss(ID);
    else notices.add(notice);
  });
}

/** What is told about clocks that differ by so much; undefined for clocks that agree. */
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
  const minutes = Math.round(ms / 60_000);
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
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`)
    .join(' and ');
}
