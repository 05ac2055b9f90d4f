import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { HOUR_MS } from '#shared/durations';
import { defaultNotificationPreferences, type QuietHours } from '#shared/ipc/notifications';
import {
  nextQuietChangeMs,
  type Pauses,
  quietAt,
  quietHoursEndMs,
  quietHoursStartMs,
  snoozeEndMs,
} from '#electron/core/notify/quiet';

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const NIGHT: QuietHours = { from: '22:00', to: '07:00', days: EVERY_DAY };

// A zone with summer time. Node reads the variable anew when it is set.
const zone = process.env['TZ'];
beforeEach(() => {
  process.env['TZ'] = 'Europe/Berlin';
});
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

/** A local time, as a person reads it from the clock. */
const at = (text: string): number => new Date(text).getTime();
const isQuiet = (hours: QuietHours, text: string): boolean => quietHoursEndMs(hours, at(text)) !== null;

describe('quiet hours', () => {
  it('are in the zone that this test is about', () => {
    expect(new Date(at('2026-07-01T12:00:00')).toISOString()).toBe('2026-07-01T10:00:00.000Z');
  });

  it.each([
    ['within a day', { from: '12:00', to: '13:00', days: EVERY_DAY }, '2026-01-14T12:30:00', true],
    ['at their first moment', { from: '12:00', to: '13:00', days: EVERY_DAY }, '2026-01-14T12:00:00', true],
    ['at their end', { from: '12:00', to: '13:00', days: EVERY_DAY }, '2026-01-14T13:00:00', false],
    ['before midnight', NIGHT, '2026-01-14T23:59:59', true],
    ['after midnight', NIGHT, '2026-01-15T06:59:59', true],
    ['in the morning', NIGHT, '2026-01-15T07:00:00', false],
    ['of a whole day', { from: '00:00', to: '00:00', days: [3] }, '2026-01-14T18:00:00', true],
    ['of a whole day, the next', { from: '00:00', to: '00:00', days: [3] }, '2026-01-15T00:00:00', false],
    // 16 January 2026 is a Friday.
    ['that begin on Fridays', { ...NIGHT, days: [5] }, '2026-01-16T23:00:00', true],
    ['that began on Friday, on Saturday', { ...NIGHT, days: [5] }, '2026-01-17T06:00:00', true],
    ['that begin on Fridays, early on Friday', { ...NIGHT, days: [5] }, '2026-01-16T06:00:00', false],
    ['that begin on Fridays, on Saturday night', { ...NIGHT, days: [5] }, '2026-01-17T23:00:00', false],
  ] as const)('%s', (_name, hours, moment, expected) => {
    expect(isQuiet({ ...hours, days: [...hours.days] }, moment)).toBe(expected);
  });

  it('end by the clock on the wall when summer time begins and ends', () => {
    // At 2:00 on 29 March the clocks go to 3:00; at 3:00 on 25 October they go back to 2:00.
    for (const [evening, hours] of [
      ['2026-03-28T22:00:00', 8],
      ['2026-10-24T22:00:00', 10],
      ['2026-06-10T22:00:00', 9],
    ] as const) {
      expect(quietHoursEndMs(NIGHT, at(evening))).toBe(at(evening) + hours * HOUR_MS);
    }
  });

  it('that begin or end at a time that does not exist do so an hour later', () => {
    const gap: QuietHours = { from: '02:30', to: '04:00', days: EVERY_DAY };
    expect(quietHoursStartMs(gap, at('2026-03-29T00:00:00'))).toBe(at('2026-03-29T03:30:00'));
    expect(quietHoursEndMs({ ...NIGHT, to: '02:30' }, at('2026-03-28T23:00:00'))).toBe(
      at('2026-03-29T03:30:00'),
    );
  });

  it('begin next on the next of their days', () => {
    const sundays: QuietHours = { from: '08:00', to: '20:00', days: [0] };
    expect(quietHoursStartMs(sundays, at('2026-01-14T12:00:00'))).toBe(at('2026-01-18T08:00:00'));
    expect(quietHoursStartMs(sundays, at('2026-01-18T08:00:00'))).toBe(at('2026-01-25T08:00:00'));
  });

  it('change at no other moment than they say (property)', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
    const hours = fc.record({
      from: time,
      to: time,
      days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
    });
    const moment = fc.integer({ min: at('2026-01-01T00:00:00'), max: at('2027-01-01T00:00:00') });
    fc.assert(
      fc.property(hours, moment, fc.double({ min: 0, max: 1, noNaN: true }), (quietHours, nowMs, part) => {
        const pauses: Pauses = {
          preferences: { ...defaultNotificationPreferences, quietHours },
          snoozedUntilMs: null,
          isDesktopQuiet: false,
        };
        const nextMs = nextQuietChangeMs(nowMs, pauses);
        expect(nextMs).toBeGreaterThan(nowMs);
        expect(nextMs - nowMs).toBeLessThanOrEqual(8 * 25 * HOUR_MS);
        const before = Math.floor(nowMs + part * (nextMs - 1 - nowMs));
        expect(quietAt(before, pauses) === null).toBe(quietAt(nowMs, pauses) === null);
      }),
      { numRuns: 500 },
    );
  });
});

describe('why nothing is shown', () => {
  const pauses = (changes: Partial<Pauses>): Pauses => ({
    preferences: defaultNotificationPreferences,
    snoozedUntilMs: null,
    isDesktopQuiet: false,
    ...changes,
  });
  const NOW_MS = at('2026-01-14T12:00:00Z');
  const off = { ...defaultNotificationPreferences, enabled: false };
  const deaf = { ...defaultNotificationPreferences, followDesktopQuiet: false };
  const noon = {
    ...defaultNotificationPreferences,
    quietHours: { from: '13:00', to: '14:00', days: EVERY_DAY },
  };

  it.each([
    ['nothing asks for it', {}, null],
    ['off, whatever else', { preferences: off, snoozedUntilMs: NOW_MS + 1, isDesktopQuiet: true }, 'off'],
    ['a snooze', { snoozedUntilMs: NOW_MS + 1, isDesktopQuiet: true }, 'snoozed'],
    ['a snooze that is over', { snoozedUntilMs: NOW_MS }, null],
    ['quiet hours', { preferences: noon, isDesktopQuiet: true }, 'quiet_hours'],
    ['the desktop', { isDesktopQuiet: true }, 'desktop'],
    ['the desktop, which nobody follows', { preferences: deaf, isDesktopQuiet: true }, null],
  ] as [string, Partial<Pauses>, string | null][])('%s', (_name, changes, reason) => {
    expect(quietAt(NOW_MS, pauses(changes))?.reason ?? null).toBe(reason);
  });
});

describe('a snooze', () => {
  it('lasts an hour, or until 8 o’clock tomorrow', () => {
    const nowMs = at('2026-03-28T21:00:00');
    expect(snoozeEndMs('hour', nowMs)).toBe(nowMs + HOUR_MS);
    // The night in which summer time begins.
    expect(snoozeEndMs('tomorrow', nowMs)).toBe(at('2026-03-29T08:00:00'));
    expect(snoozeEndMs('tomorrow', nowMs) - nowMs).toBe(10 * HOUR_MS);
  });
});
