import type { Attempt } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { HOUR_MS } from '#shared/durations';
import { formatAgo } from '../../../ui/format';

export interface TimelineBin {
  readonly blocked: number;
  readonly allowed: number;
}

export interface Timeline {
  readonly bins: readonly TimelineBin[];
  /** Start of the first bin. The last one ends now. */
  readonly from: string;
  readonly blocked: number;
  readonly allowed: number;
}

const BINS = 40;
const SHORTEST_MS = HOUR_MS;

/** Counts the calls over time, from the oldest one (at least an hour ago) until now. */
export function timelineOf(attempts: readonly Attempt[], nowMs: number): Timeline {
  const oldestMs = Math.min(nowMs, ...attempts.map(({ firstAt }) => Date.parse(firstAt)));
  const fromMs = Math.min(oldestMs, nowMs - SHORTEST_MS);
  const widthMs = (nowMs - fromMs) / BINS;
  const bins = Array.from({ length: BINS }, () => ({ blocked: 0, allowed: 0 }));
  const sums = { blocked: 0, allowed: 0 };
  for (const { lastAt, verdict, count } of attempts) {
    // The clocks of two computers differ, so a time that is ahead counts as now.
    const place = Math.floor((Date.parse(lastAt) - fromMs) / widthMs);
    const bin = bins[Math.max(0, Math.min(place, BINS - 1))];
    // An unknown verdict must not be shown as allowed.
    const counted = verdict === 'allowed' ? verdict : 'blocked';
    if (bin !== undefined) bin[counted] += count;
    sums[counted] += count;
  }
  return { bins, from: new Date(fromMs).toISOString(), ...sums };
}

/** Describes the timeline for screen readers: `14 blocked and 2 allowed calls; the first 30 min ago, the last just now`. */
export function timelineSentence(timeline: Timeline, attempts: readonly Attempt[], nowMs: number): string {
  const { blocked, allowed } = timeline;
  if (blocked + allowed === 0) return t('review.noCalls');
  const oldest = attempts.reduce((least, { firstAt }) => (firstAt < least ? firstAt : least), '~');
  const newest = attempts.reduce((most, { lastAt }) => (lastAt > most ? lastAt : most), '');
  const span = { first: formatAgo(oldest, nowMs), last: formatAgo(newest, nowMs) };
  return allowed === 0
    ? t('review.callsBlocked', { count: blocked, ...span })
    : t('review.callsOfBoth', { blocked, count: allowed, ...span });
}
