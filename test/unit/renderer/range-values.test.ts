import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  endsOtherwise,
  expiryAt,
  expiryOptions,
  expiryProblem,
  isSameEnd,
} from '../../../renderer/src/domain/expiry';
import { draftOf, differenceOf } from '../../../renderer/src/features/ranges/edit/difference';
import {
  changedTerms,
  rangeChanges,
  type RangeTerms,
  startOf,
  valuesOf,
  valuesOnTop,
} from '../../../renderer/src/forms/range-values';
import { KEY_ID, minutesAgo, NOW, range } from '../../component/builders';

const nowMs = NOW.getTime();
const office = range();
const valuesFor = (terms: RangeTerms) => valuesOf(startOf({ ...office, ...terms }));

/** Few values each, so that two of them are often the same. */
const terms: fc.Arbitrary<RangeTerms> = fc.record({
  label: fc.constantFrom('', 'Office', 'Partner'),
  effect: fc.constantFrom('authorize' as const, 'deny' as const),
  keyId: fc.constantFrom(null, KEY_ID),
  expiresAt: fc.constantFrom(null, minutesAgo(-60), minutesAgo(-90)),
});

const names = Object.keys as (changes: Partial<RangeTerms>) => (keyof RangeTerms)[];

describe('the end of a range that is there', () => {
  it('is the same moment however it is written', () => {
    expect(isSameEnd('2030-01-31T18:30:00Z', '2030-01-31T18:30:00.000Z')).toBe(true);
    expect(isSameEnd('2030-01-31T18:30:00Z', '2030-01-31T18:30:01Z')).toBe(false);
    expect(isSameEnd(null, null)).toBe(true);
    expect(isSameEnd(null, '2030-01-31T18:30:00Z')).toBe(false);
  });

  it('is another one when it is taken away, counted from now, or typed', () => {
    const inAnHour = minutesAgo(-60);
    expect(endsOtherwise(expiryAt(inAnHour), inAnHour)).toBe(false);
    expect(endsOtherwise(expiryAt(null), null)).toBe(false);
    expect(endsOtherwise({ ...expiryAt(inAnHour), expiry: 'never' }, inAnHour)).toBe(true);
    expect(endsOtherwise({ ...expiryAt(inAnHour), expiry: 'hour' }, inAnHour)).toBe(true);
    const typed = (custom: string) => ({ ...expiryAt(inAnHour), expiry: 'custom' as const, custom });
    expect(endsOtherwise(typed('2026-11-24T15:02:11'), inAnHour)).toBe(false);
    expect(endsOtherwise(typed('2026-11-24T15:02'), inAnHour)).toBe(true);
    expect(endsOtherwise(typed(''), inAnHour)).toBe(true);
  });

  it('is named by whether it has passed', () => {
    expect(expiryOptions(expiryAt(minutesAgo(1)), nowMs)[0]?.label).toMatch(/^Expired /);
    expect(expiryOptions(expiryAt(minutesAgo(-1)), nowMs)[0]?.label).toMatch(/^On /);
  });
});

describe('a time of one’s own', () => {
  const timeZone = process.env['TZ'];
  afterEach(() => {
    if (timeZone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = timeZone;
  });
  const at = (custom: string) => expiryProblem({ ...expiryAt(null), expiry: 'custom', custom }, nowMs);

  it('that no clock shows, because summer time begins over it, is refused', () => {
    process.env['TZ'] = 'Europe/Berlin';
    expect(at('2030-03-31T02:30')).toMatch(/^This time does not exist/);
    expect(at('2030-03-31T02:00')).toMatch(/^This time does not exist/);
    expect(at('2030-03-31T01:59')).toBeNull();
    expect(at('2030-03-31T03:00:15')).toBeNull();
    // It comes twice when summer time ends.
    expect(at('2030-10-27T02:30')).toBeNull();
    process.env['TZ'] = 'UTC';
    expect(at('2030-03-31T02:30')).toBeNull();
  });
});

describe('what is typed for a range that is there', () => {
  it('changes what differs, and leads from the one to the other', () => {
    expect(rangeChanges(office, { ...office, label: 'Partner', keyId: KEY_ID })).toEqual({
      label: 'Partner',
      keyId: KEY_ID,
    });
    fc.assert(
      fc.property(terms, terms, (from, to) => {
        const changes = rangeChanges(from, to);
        expect({ ...from, ...changes }).toEqual(to);
        for (const name of names(changes)) expect(to[name]).not.toEqual(from[name]);
        expect(names(changes).sort()).toEqual(
          names(to)
            .filter((name) => changedTerms(valuesFor(to), from)[name])
            .sort(),
        );
      }),
    );
  });

  it('is not changed by blanks around its label', () => {
    expect(changedTerms({ ...valuesFor(office), label: ' Office ' }, office).label).toBe(false);
  });

  it('stays on top of what others have changed; the rest is as they left it', () => {
    fc.assert(
      fc.property(terms, terms, terms, (was, mine, theirs) => {
        const values = valuesOnTop(valuesFor(mine), was, theirs);
        const touched = changedTerms(valuesFor(mine), was);
        expect(values.label).toBe(touched.label ? mine.label : theirs.label);
        expect(values.effect).toBe(touched.effect ? mine.effect : theirs.effect);
        expect(values.keyId).toBe(touched.keyId ? mine.keyId : theirs.keyId);
        if (!touched.expiresAt) expect(values.expiry).toEqual(expiryAt(theirs.expiresAt));
      }),
    );
  });

  it('keeps a chosen end, offers theirs beside it, and asks again about a wide range', () => {
    const chosen = { ...expiryAt(null), expiry: 'week' as const };
    const values = valuesOnTop({ ...valuesFor(office), expiry: chosen, confirmedWide: true }, office, {
      ...office,
      expiresAt: minutesAgo(-60),
    });
    expect(values.expiry).toEqual({ expiry: 'week', custom: '', kept: minutesAgo(-60) });
    expect(values.confirmedWide).toBe(false);
  });

  it('is offered for a new range when the old one is gone, without a time that cannot be', () => {
    const values = {
      ...valuesFor(office),
      label: 'Mine',
      expiry: { ...expiryAt(null), expiry: 'hour' as const },
    };
    expect(draftOf(values, nowMs)).toEqual({
      text: '198.51.100.0/24',
      effect: 'authorize',
      label: 'Mine',
      keyId: null,
      expiresAt: minutesAgo(-60),
    });
    expect(draftOf({ ...values, expiry: expiryAt(minutesAgo(1)) }, nowMs).expiresAt).toBeNull();
    expect(
      draftOf({ ...values, expiry: { ...expiryAt(null), expiry: 'custom' } }, nowMs).expiresAt,
    ).toBeNull();
  });
});

describe('a range that somebody has seen', () => {
  const theirs = range({ label: 'Theirs', version: 2 });

  it('is the same whatever its version and uses, as long as it says the same', () => {
    expect(differenceOf(office, range({ version: 7, uses: 1 }), null)).toEqual({ kind: 'same', version: 7 });
  });

  it('is changed, also under the same version, or removed', () => {
    const changes = { label: 'Theirs' };
    expect(differenceOf(office, theirs, null)).toEqual({ kind: 'changed', now: theirs, changes });
    expect(differenceOf(office, { ...theirs, version: 1 }, null)).toMatchObject({ kind: 'changed' });
    expect(differenceOf(office, null, null)).toEqual({ kind: 'removed' });
  });

  it('may come to what was sent, but to nothing else', () => {
    expect(differenceOf(office, theirs, { ...office, label: 'Theirs' })).toEqual({
      kind: 'same',
      version: 2,
    });
    expect(differenceOf(office, theirs, { ...office, label: 'Mine' })).toMatchObject({ kind: 'changed' });
  });
});
