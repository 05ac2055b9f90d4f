import { describe, expect, it } from 'vitest';
import { countryName, networkName } from '#shared/words';

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
