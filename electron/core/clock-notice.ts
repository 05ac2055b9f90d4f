import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/durations';
import { locale } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import type { ConnectionNotices, WordedNotice } from './notices';
import type { Replica } from './sync/replica';

const ID = 'clocks-differ';
/** Clocks that differ by less are usual, and change no decision. */
const TOLD_FROM_MS = 2 * MINUTE_MS;

/** Keeps a notice up while this computer's clock differs from the service's. Returns a function that stops it. */
export function tellClocks(replica: Replica, notices: ConnectionNotices): () => void {
  let told: string | undefined;
  let seenMs = 0;
  return replica.subscribe(() => {
    if (replica.clockOffsetMs === seenMs) return;
    seenMs = replica.clockOffsetMs;
    const notice = clockNotice(replica.clockOffsetMs);
    const text = notice?.words().message;
    // A notice that a person has dismissed does not come back with the same text.
    if (text === told) return;
    told = text;
    if (notice === undefined) notices.dismiss(ID);
    else notices.add(notice);
  });
}

/** Returns undefined for clocks that agree. */
export function clockNotice(offsetMs: number): WordedNotice | undefined {
  if (Math.abs(offsetMs) <= TOLD_FROM_MS) return undefined;
  const key = offsetMs < 0 ? 'notices.clockAhead' : 'notices.clockBehind';
  return {
    id: ID,
    severity: 'warning',
    words: () => ({
      title: t('notices.clocksTitle'),
      message: t(key, { span: spanWords(Math.abs(offsetMs)) }),
    }),
  };
}

/** Returns the two largest units: `1 hour and 5 minutes`. */
function spanWords(ms: number): string {
  const rounded = Math.round(ms / MINUTE_MS) * MINUTE_MS;
  const days = Math.floor(rounded / DAY_MS);
  const hours = Math.floor((rounded % DAY_MS) / HOUR_MS);
  const minutes = (rounded % HOUR_MS) / MINUTE_MS;
  const parts =
    days > 0
      ? ([
          [days, 'day'],
          [hours, 'hour'],
        ] as const)
      : ([
          [hours, 'hour'],
          [minutes, 'minute'],
        ] as const);
  const words = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) =>
      new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' }).format(count),
    );
  return new Intl.ListFormat(locale()).format(words);
}
