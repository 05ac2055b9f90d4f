import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attempt } from '#shared/domain/entities';
import { agentColumnWords, filterOf, ipProblem, requestLine } from '../../../renderer/src/features/log/model';
import { compareRows, mergeRows, receiveRows } from '../../../renderer/src/stores/feed-model';
import {
  emptyLogDraft,
  LASTS,
  LOG_VIEWS,
  type LogDraft,
  placeOfText,
  textOfPlace,
} from '../../../renderer/src/stores/log-draft';
import { stepOf } from '../../../renderer/src/ui/grid-keys';
import { attempt, KEY_ID, NOW } from '../../component/builders';

const everything = { following: true, hasOlderPages: false, matches: () => true };
const ids = (rows: readonly Attempt[]) => rows.map(({ id }) => id);

describe('rows of the log', () => {
  it('are merged without doubles, newest first, the later change of a row wins', () => {
    const rowChange = fc.record({ index: fc.nat({ max: 30 }), seq: fc.nat({ max: 1000 }) });
    fc.assert(
      fc.property(fc.array(fc.array(rowChange, { maxLength: 20 }), { maxLength: 8 }), (batches) => {
        const all = batches.flat();
        let rows: readonly Attempt[] = [];
        for (const batch of batches) {
          rows = mergeRows(
            rows,
            batch.map(({ index, seq }) => attempt(index, { seq })),
          );
        }
        const expected = [...new Set(all.map(({ index }) => index))].sort((a, b) => b - a);
        expect(ids(rows)).toEqual(expected.map((index) => attempt(index).id));
        for (const row of rows) {
          const seqs = all.filter(({ index }) => attempt(index).id === row.id).map(({ seq }) => seq);
          expect(row.seq).toBe(Math.max(...seqs));
        }
      }),
    );
  });

  it('join at once while the log follows, with those that were held', () => {
    const log = { rows: [attempt(1)], held: [attempt(2)] };
    expect(receiveRows(log, [attempt(3)], everything)).toEqual({
      rows: [attempt(3), attempt(2), attempt(1)],
      held: [],
    });
  });

  it('are held while it does not, except for changes of shown rows', () => {
    const log = { rows: [attempt(2), attempt(1)], held: [] };
    const counted = attempt(1, { seq: 99, count: 7 });
    const { rows, held } = receiveRows(log, [attempt(3), counted], { ...everything, following: false });
    expect(rows).toEqual([attempt(2), counted]);
    expect(ids(held)).toEqual([attempt(3).id]);
  });

  it('leave when a change makes them miss the filter, and stay out when they never fitted', () => {
    const log = { rows: [attempt(2), attempt(1)], held: [] };
    const matches = ({ verdict }: Attempt) => verdict === 'allowed';
    const changed = attempt(1, { seq: 99, verdict: 'blocked' });
    const other = attempt(5, { verdict: 'blocked' });
    expect(ids(receiveRows(log, [changed, other], { ...everything, matches }).rows)).toEqual([attempt(2).id]);
  });

  it('wait for their page when they are older than all that is loaded', () => {
    const log = { rows: [attempt(20)], held: [] };
    const old = [attempt(5, { seq: 900 })];
    expect(receiveRows(log, old, { ...everything, hasOlderPages: true }).rows).toHaveLength(1);
    expect(receiveRows(log, old, everything).rows).toHaveLength(2);
  });

  it('have one order', () => {
    expect([attempt(1), attempt(3), attempt(2)].sort(compareRows)).toEqual([
      attempt(3),
      attempt(2),
      attempt(1),
    ]);
  });
});

const NOW_MS = NOW.getTime();

describe('the filter', () => {
  it('leaves out what is not asked for, and an address that means none', () => {
    expect(filterOf(emptyLogDraft, NOW_MS)).toEqual({});
    expect(
      filterOf(
        {
          verdict: 'blocked',
          reason: 'unknown',
          keyId: KEY_ID,
          country: 'DE',
          network: { asn: 64_500, asName: null },
          method: 'GET',
          ipText: ' 10/8 ',
          text: ' x ',
          last: null,
          fromMs: 1_000,
          toMs: 2_000,
        },
        NOW_MS,
      ),
    ).toEqual({
      fromMs: 1_000,
      toMs: 2_000,
      verdict: 'blocked',
      reason: 'unknown',
      keyId: KEY_ID,
      country: 'DE',
      asn: 64_500,
      method: 'GET',
      ip: '10/8',
      text: 'x',
    });
    expect(filterOf({ ...emptyLogDraft, ipText: '10.1' }, NOW_MS)).toEqual({});
  });

  it('asks for what is not known with an empty value', () => {
    const network = { asn: 0, asName: null };
    expect(filterOf({ ...emptyLogDraft, country: '', method: '', network }, NOW_MS)).toEqual({
      country: '',
      method: '',
      asn: 0,
    });
  });

  it('counts the last hour from now, at a whole minute', () => {
    const nowMs = Date.parse('2026-01-15T12:00:31.500Z');
    expect(filterOf({ ...emptyLogDraft, last: 'hour' }, nowMs)).toEqual({
      fromMs: Date.parse('2026-01-15T11:00:00Z'),
    });
  });

  it('is the same after it was an address', () => {
    const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
    const times = fc.oneof(
      fc.record({ last: fc.constantFrom(...LASTS), fromMs: fc.constant(null), toMs: fc.constant(null) }),
      fc.record({ last: fc.constant(null), fromMs: optional(fc.nat()), toMs: optional(fc.nat()) }),
    );
    const others = fc.record({
      verdict: optional(fc.constantFrom('allowed', 'blocked')),
      reason: optional(fc.constantFrom('unknown', 'denied')),
      keyId: optional(fc.constant(KEY_ID)),
      country: optional(fc.constantFrom('', 'DE')),
      network: optional(fc.record({ asn: fc.nat(), asName: optional(fc.string()) })),
      method: optional(fc.constantFrom('', 'GET', 'M&=?#%')),
      ipText: fc.constantFrom('', ' 10/8 ', '2001:db8::/32'),
      text: fc.constantFrom('', 'Ärger & #1 100%', '?show=map'),
    });
    fc.assert(
      fc.property(others, times, fc.constantFrom(...LOG_VIEWS), (fields, time, logView) => {
        const place = { logDraft: { ...fields, ...time } satisfies LogDraft, logView };
        expect(placeOfText(textOfPlace(place))).toEqual(place);
      }),
    );
  });

  it('ignores what an address cannot mean', () => {
    const text = 'verdict=maybe&reason=x&keyId=1&country=de&asn=-1&last=year&fromMs=1e3&toMs=soon&show=all';
    expect(placeOfText(text)).toEqual({ logDraft: emptyLogDraft, logView: 'rows' });
    expect(placeOfText('')).toEqual({ logDraft: emptyLogDraft, logView: 'rows' });
  });

  it('takes the widest range: looking does no harm', () => {
    expect(ipProblem('0.0.0.0/0')).toBeNull();
    expect(ipProblem('   ')).toBeNull();
    expect(ipProblem('010.0.0.1')).toContain('leading zero');
  });

  it('shows as much of a request as is known', () => {
    expect(requestLine(attempt(1))).toBe('GET /v1/orders');
    expect(requestLine(attempt(1, { method: null }))).toBe('/v1/orders');
    expect(requestLine(attempt(1, { method: null, path: null }))).toBe('');
  });
});

describe('the keys of a grid', () => {
  const at = (selectedIndex: number) => ({ selectedIndex, firstInView: 4, pageRows: 10, rowCount: 100 });
  it.each([
    ['ArrowDown', -1, 4],
    ['ArrowDown', 7, 8],
    ['ArrowDown', 99, 99],
    ['ArrowUp', 0, 0],
    ['PageDown', 95, 99],
    ['PageUp', 50, 40],
    ['Home', 50, 0],
    ['End', 50, 99],
    ['a', 50, null],
  ])('%s from %i leads to %s', (key, from, to) => {
    expect(stepOf(key, at(from))).toBe(to);
  });
});

describe('a user agent in a column', () => {
  it.each([
    ['python-requests/2.31.0 (integration 49)', 'python-requests/2.31.0'],
    ['Mozilla/5.0 (X11; Linux x86_64) Gecko/131.0 Firefox/131.0', 'Firefox 131, Linux'],
    ['Our own import', 'Our own import'],
    ['', ''],
  ])('%s', (agent, words) => {
    expect(agentColumnWords(agent)).toBe(words);
  });
});
