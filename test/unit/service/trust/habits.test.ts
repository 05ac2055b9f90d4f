import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fadedHabits,
  habitsOfCall,
  joinHabits,
  MAX_SEGMENTS,
  requestKindOf,
  type KeyHabits,
} from '#service/enforcement/trust/habits';
import { DAY_MS, HOUR_MS, NOW } from './builders';

const habitsOf = (calls: readonly (readonly [segment: string, at: number])[]): KeyHabits => {
  const [first, ...others] = calls.map(([segment, at]) => habitsOfCall({ method: 'GET', segment }, at));
  if (first === undefined) throw new Error('no calls');
  return others.reduce(joinHabits, first);
};

describe('what a call asks for', () => {
  it.each([
    ['GET', '/orders/17/lines', { method: 'GET', segment: 'orders' }],
    ['get', '/Orders', { method: 'GET', segment: 'orders' }],
    ['POST', '/api/v2/contacts?key=1', { method: 'POST', segment: 'contacts' }],
    ['PUT', '/rest/api/v1.3/issue/9', { method: 'PUT', segment: 'issue' }],
    ['GET', '/api/v1', { method: 'GET', segment: '' }],
    ['GET', '/', { method: 'GET', segment: '' }],
    ['GET', '//orders//7', { method: 'GET', segment: 'orders' }],
    ['PROPFIND', '/dav', { method: 'other', segment: 'dav' }],
    ['GET', '/report-2026-01.csv', { method: 'GET', segment: 'report-#-#.csv' }],
    ['GET', '/8812', { method: 'GET', segment: '#' }],
    ['GET', '/550e8400-e29b-41d4-a716-446655440000', { method: 'GET', segment: '#' }],
    ['GET', '/DeadBeef01', { method: 'GET', segment: '#' }],
    ['GET', '/sk_live_4eC39HqLyjWDarjtT1zdp7dc/x', { method: 'GET', segment: '#' }],
    ['GET', `/${'long'.repeat(20)}`, { method: 'GET', segment: '#' }],
    ['GET', '/%2e%2e/etc', { method: 'GET', segment: '#' }],
    ['GET', '/été', { method: 'GET', segment: '#' }],
  ])('%s %s', (method, path, kind) => {
    expect(requestKindOf(method, path)).toEqual(kind);
  });

  it('is not known where the proxy names no method or no path', () => {
    expect(requestKindOf(null, '/orders')).toBeUndefined();
    expect(requestKindOf('GET', null)).toBeUndefined();
  });

  it('is short and plain, whatever a stranger sends', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'grapheme' }), (method, path) => {
        const { method: name = '', segment = '' } = requestKindOf(method, `/${path}`) ?? {};
        expect(name).toMatch(/^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|other)$/);
        expect(segment).toMatch(/^[a-z0-9._~#-]{0,32}$/);
      }),
    );
  });
});

describe('habits', () => {
  it('count methods, segments and hours', () => {
    const habits = joinHabits(
      habitsOf([
        ['orders', NOW - 2 * HOUR_MS],
        ['orders', NOW],
      ]),
      habitsOfCall({ method: 'POST', segment: 'mails' }, NOW),
    );
    expect(habits.calls).toBeCloseTo(3, 1);
    expect(habits.methods.map(({ name }) => name)).toEqual(['GET', 'POST']);
    expect(habits.segments.map(({ name }) => name)).toEqual(['orders', 'mails']);
    const hour = new Date(NOW).getUTCHours();
    expect(habits.hours[hour]).toBe(2);
    expect(habits.hours[hour - 2]).toBeCloseTo(1, 1);
    expect(habits.since).toBe(NOW - 2 * HOUR_MS);
  });

  it('fade to the half in a month, and are forgotten in the end', () => {
    const habits = habitsOf([
      ['orders', NOW],
      ['orders', NOW],
      ['rare', NOW],
    ]);
    const later = fadedHabits(habits, NOW + 30 * DAY_MS);
    expect(later.segments).toEqual([
      { name: 'orders', calls: 1, since: NOW },
      { name: 'rare', calls: 0.5, since: NOW },
    ]);
    expect(later.calls).toBe(1.5);
    expect(fadedHabits(habits, NOW + 150 * DAY_MS).segments.map(({ name }) => name)).toEqual(['orders']);
    expect(fadedHabits(habits, NOW + 1_000 * DAY_MS).segments).toEqual([]);
  });

  it('do not grow when the clock is put back', () => {
    const habits = habitsOf([['orders', NOW]]);
    expect(fadedHabits(habits, NOW - 90 * DAY_MS)).toEqual(habits);
  });

  it('keep the most frequent segments, and count the others', () => {
    const rare = Array.from(
      { length: 100 },
      (_, n) => [`s${String.fromCharCode(97 + (n % 26))}-${'x'.repeat(n >> 2)}`, NOW] as const,
    );
    const habits = habitsOf([...Array.from({ length: 5 }, () => ['orders', NOW] as const), ...rare]);
    expect(habits.segments).toHaveLength(MAX_SEGMENTS);
    expect(habits.segments[0]).toMatchObject({ name: 'orders', calls: 5 });
    expect(habits.segments.reduce((sum, { calls }) => sum + calls, habits.others)).toBe(habits.calls);
  });

  it('stay below four kilobytes, whatever a key is used for', () => {
    const call = fc.record({
      method: fc.string(),
      path: fc.stringMatching(/^\/[a-z._~-]{1,40}$/),
      ago: fc.integer({ min: 0, max: 100 * DAY_MS }),
    });
    fc.assert(
      fc.property(fc.array(call, { minLength: 60, maxLength: 120 }), (calls) => {
        const habits = calls
          .flatMap(({ method, path, ago }) => {
            const kind = requestKindOf(method, path);
            return kind === undefined ? [] : [habitsOfCall(kind, NOW - ago)];
          })
          .reduce(joinHabits);
        expect(JSON.stringify(habits).length).toBeLessThan(4_096);
        expect(habits.hours).toHaveLength(24);
      }),
      { numRuns: 30 },
    );
  });

  it('are the same whichever part comes first', () => {
    const one = habitsOf([
      ['orders', NOW - DAY_MS],
      ['mails', NOW - HOUR_MS],
    ]);
    const other = habitsOf([
      ['orders', NOW],
      ['lines', NOW - 3 * DAY_MS],
    ]);
    expect(joinHabits(one, other)).toEqual(joinHabits(other, one));
  });
});
