import { describe, expect, it } from 'vitest';
import { meanings } from '#test/support/service/read-entries';

/** Whoever writes a list that others follow must not be able to keep the service from answering calls. */
describe('a list that was made to take long', () => {
  it.each([
    ['many quotes and no separator', `203.0.113.9\n${'"'.repeat(2_000)}x`],
    ['many quotes behind a range', `203.0.113.9 ${'"'.repeat(101)}`],
    ['many quotes in a first line', `"cidr" ${'"'.repeat(2_000)}\n203.0.113.9`],
    [
      'a long word in a line of MikroTik',
      `add list=x address=203.0.113.9\nadd list=x address=203.0.113.9 ${'a'.repeat(500_000)}`,
    ],
    ['a long cell in a table', `cidr,label\n203.0.113.9,A\n203.0.113.9,"${'a'.repeat(8_000_000)}"`],
    [
      'long cells of which none ends',
      `cidr,label\n203.0.113.9,A\n${`203.0.113.9,"${'a'.repeat(100_000)}\n`.repeat(30)}`,
    ],
  ])(
    'with %s is read at once',
    (_what, text) => {
      expect(meanings(text).join()).toContain('203.0.113.9/32');
    },
    2_000,
  );
});
