import type { Attempt } from '#shared/domain/entities';
import { HOUR_MS, SECOND_MS } from '#shared/durations';
import { attemptMatches } from '#shared/domain/attempt-filter';
import { succeeded } from '#shared/ipc/failure';
import { showScreen } from '../../renderer/src/stores/ui';
import { attempt, NOW, ulid } from './builders';
import { renderApp, type Scene } from './render-app';

export const blocked = (index: number, change: Partial<Attempt> = {}) =>
  attempt(index, {
    ip: '203.0.113.9',
    verdict: 'blocked',
    reason: 'unknown',
    rangeId: null,
    reviewId: ulid(200),
    ...change,
  });

const BUCKETS = 12;

/** Main's log: newest first, filtered and paged as the contract says. */
export function renderLog(rows: readonly Attempt[], mirror: Scene = {}) {
  showScreen('log');
  const newestFirst = [...rows].sort((a, b) => (a.id < b.id ? 1 : -1));
  return renderApp({
    ...mirror,
    answers: {
      log: {
        page: ({ filter, cursor, limit }) => {
          const fitting = newestFirst.filter((row) => attemptMatches(filter, row));
          const from = cursor === null ? 0 : Number(cursor);
          const nextCursor = from + limit < fitting.length ? String(from + limit) : null;
          return succeeded({ items: fitting.slice(from, from + limit), nextCursor });
        },
        count: ({ filter }) =>
          succeeded({
            rows: newestFirst.filter((row) => attemptMatches(filter, row)).length,
            completeFrom: null,
          }),
        timeline: ({ filter }) => {
          const fitting = newestFirst.filter((row) => attemptMatches(filter, row));
          const fromMs = filter.fromMs ?? NOW.getTime() - HOUR_MS;
          const bucketMs = ((filter.toMs ?? NOW.getTime()) - fromMs) / BUCKETS;
          const buckets = Array.from({ length: BUCKETS }, () => ({ allowed: 0, blocked: 0 }));
          for (const row of fitting) {
            const place = Math.floor((Date.parse(row.firstAt) - fromMs) / bucketMs);
            const bucket = buckets[Math.max(0, Math.min(BUCKETS - 1, place))];
            if (bucket !== undefined) bucket[row.verdict === 'blocked' ? 'blocked' : 'allowed'] += row.count;
          }
          const from = new Date(fromMs).toISOString();
          return succeeded({ from, bucketSeconds: bucketMs / SECOND_MS, buckets, completeFrom: null });
        },
        groups: ({ filter, by }) => {
          const fitting = newestFirst.filter((row) => attemptMatches(filter, row));
          const valueOf = (row: Attempt) =>
            ({ address: row.ip, keyId: row.keyId, country: row.country, asn: row.asn })[by];
          const groups = [...new Set(fitting.map(valueOf))].flatMap((value) => {
            const rows = fitting.filter((row) => valueOf(row) === value);
            const [newest] = rows;
            if (newest === undefined) return [];
            const calls = rows.reduce((sum, { count }) => sum + count, 0);
            return [{ rows: rows.length, calls, firstAt: newest.firstAt, newest }];
          });
          return succeeded({ groups, isMore: false, completeFrom: null });
        },
      },
    },
  });
}
