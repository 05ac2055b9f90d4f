import { describe, expect, it } from 'vitest';
import { countAtStart, countOf, countryName, networkName, plural } from '#shared/words';

describe('counts', () => {
  it('go with the word that fits them', () => {
    expect([0, 1, 2, 12_345].map((count) => countOf(count, 'edit'))).toEqual([
      '0 edits',
      '1 edit',
      '2 edits',
      '12,345 edits',
    ]);
    expect(countOf(2, 'address', 'addresses')).toBe('2 addresses');
    expect([countAtStart(1, 'edit'), countAtStart(2, 'edit')]).toEqual(['One edit', '2 edits']);
    expect([plural(1, 'it', 'them'), plural(0, 'it', 'them')]).toEqual(['it', 'them']);
  });
});

describe('countries and networks', () => {
  it('have their English names where they are known', () => {
    expect([countryName('DE'), countryName('ZZ'), countryName('??')]).toEqual([
      'Germany',
      'Unknown Region',
      '??',
    ]);
    expect(networkName(3320, 'DTAG')).toBe('AS3320 DTAG');
    expect([networkName(3320, null), networkName(null, 'DTAG'), networkName(null, '')]).toEqual([
      'AS3320',
      'DTAG',
      undefined,
    ]);
  });

  it('are one plain line, whoever named them', () => {
    expect(countryName('a\nb')).toBe('a b');
    expect(networkName(1, 'a\u202eb\n c')).toBe('AS1 a b c');
  });
});
