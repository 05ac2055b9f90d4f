import type { Attempt } from '#shared/domain/entities';
import { HOUR_MS, SECOND_MS } from '#shared/durations';
import { attemptMatches } from '#shared/domain/attempt-filter';
import { succeeded } from '#shared/ipc/failure';
import type { FacetField } from '#shared/ipc/log';
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

const isBlocked = ({ verdict }: Attempt): boolean => verdict === 'blocked';
const callsOf = (rows: readonly Attempt[]): number => rows.reduce((sum, { count }) => sum + count, 0);

/** Main's log: newest first, filtered and paged as the contract says. */
export function renderLog(rows: readonly Attempt[], scene: Scene = {}) {
  showScreen('log');
  return renderWithLog(rows, scene);
}

/** The console, on the screen that it is on, with these rows in main's log. */
export function renderWithLog(rows: readonly Attempt[], { answers, ...scene }: Scene = {}) {
  const newestFirst = [...rows].sort((a, b) => (a.id < b.id ? 1 : -1));
  return renderApp({
    ...scene,
    answers: {
      ...answers,
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
        timeline: ({ filter, to }) => {
          const fitting = newestFirst.filter((row) => attemptMatches(filter, row));
          const fromMs = filter.fromMs ?? NOW.getTime() - HOUR_MS;
          const toMs = filter.toMs ?? (to === undefined ? NOW.getTime() : Date.parse(to));
          const bucketMs = (toMs - fromMs) / BUCKETS;
          const buckets = Array.from({ length: BUCKETS }, () => ({ allowed: 0, blocked: 0 }));
          for (const row of fitting) {
            const place = Math.floor((Date.parse(row.firstAt) - fromMs) / bucketMs);
            const bucket = buckets[Math.max(0, Math.min(BUCKETS - 1, place))];
            if (bucket !== undefined) bucket[row.verdict === 'blocked' ? 'blocked' : 'allowed'] += row.count;
          }
          const from = new Date(fromMs).toISOString();
          return succeeded({ from, bucketSeconds: bucketMs / SECOND_MS, buckets, completeFrom: null });
        },
        groups: ({ filter, by, order = 'calls' }) => {
          const fitting = newestFirst.filter((row) => attemptMatches(filter, row));
          const valueOf = (row: Attempt) =>
            ({ address: row.ip, keyId: row.keyId, country: row.country, asn: row.asn })[by];
          const groups = [...new Set(fitting.map(valueOf))].flatMap((value) => {
            const rows = fitting.filter((row) => valueOf(row) === value);
            const [newest, oldest] = [rows[0], rows.at(-1)];
            if (newest === undefined || oldest === undefined) return [];
            const [calls, blocked] = [callsOf(rows), callsOf(rows.filter(isBlocked))];
            return [{ rows: rows.length, calls, blocked, firstAt: oldest.firstAt, newest }];
          });
          groups.sort((a, b) => (order === 'calls' ? b.calls - a.calls : b.firstAt < a.firstAt ? -1 : 1));
          return succeeded({ groups, isMore: false, completeFrom: null });
        },
        facets: ({ filter }) => {
          const counts = (
            field: FacetField,
            valueOf: (row: Attempt) => string,
            nameOf?: (row: Attempt) => string | null,
          ) => {
            const fitting = newestFirst.filter((row) =>
              attemptMatches({ ...filter, [field]: undefined }, row),
            );
            const byValue = new Map<string, Attempt[]>();
            for (const row of fitting) byValue.set(valueOf(row), [...(byValue.get(valueOf(row)) ?? []), row]);
            return [...byValue]
              .map(([value, rows]) => ({
                value,
                rows: rows.length,
                name: (rows[0] && nameOf?.(rows[0])) ?? null,
              }))
              .sort((a, b) => b.rows - a.rows);
          };
          const facets = {
            verdict: counts('verdict', ({ verdict }) => verdict),
            reason: counts('reason', ({ reason }) => reason),
            keyId: counts(
              'keyId',
              ({ keyId }) => keyId,
              ({ keyName }) => keyName,
            ),
            country: counts('country', ({ country }) => country ?? ''),
            asn: counts(
              'asn',
              ({ asn }) => String(asn ?? 0),
              ({ asName }) => asName,
            ),
            method: counts('method', ({ method }) => method ?? ''),
          };
          return succeeded({ facets, completeFrom: null });
        },
        ...answers?.log,
      },
    },
  });
}
