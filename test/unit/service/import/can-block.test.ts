import { describe, expect, it } from 'vitest';
import { canBlock } from '#service/import/import';
import type { RangeDocument } from '#service/readers/document';
import { readRanges } from '#service/readers/read-ranges';

/** Whether a list can block somebody, and how many of its rows were read to know it. */
const found = async (
  text: string,
  request: { effect?: 'authorize' | 'deny'; replace?: boolean } = {},
): Promise<readonly [boolean, number]> => {
  const document = readRanges(text, { nowMs: 0 });
  if ('refused' in document) throw new Error(document.refused.reason);
  let read = 0;
  function* rowsOf(source: RangeDocument) {
    for (const row of source.rows()) {
      read += 1;
      yield row;
    }
  }
  const counted = { ...document, rows: () => rowsOf(document) };
  return [await canBlock({ replace: false, ...request }, counted, new AbortController().signal), read];
};

const PLAIN = '192.0.2.0/24 Office\n198.51.100.0/24 # Deny nobody\n203.0.113.0/24\n';

describe('an import', () => {
  it.each<[string, string, Parameters<typeof found>[1], boolean, number]>([
    ['that says nothing of effects', PLAIN, {}, false, 0],
    ['with columns, of which none is an effect', `cidr,label\n${PLAIN.replaceAll(' ', ',')}`, {}, false, 0],
    ['that is to deny', PLAIN, { effect: 'deny' }, true, 0],
    ['that replaces an earlier one', PLAIN, { effect: 'authorize', replace: true }, true, 0],
    [
      'with a line that denies',
      'cidr,effect\n192.0.2.0/24,authorize\n192.0.2.1,deny\n192.0.2.2,deny\n',
      {},
      true,
      2,
    ],
    ['whose lines could deny and do not', 'allow 192.0.2.0/24;\nallow 192.0.2.1;\n', {}, false, 2],
    [
      'whose lines deny where the import authorizes',
      'deny 192.0.2.0/24;\n',
      { effect: 'authorize' },
      false,
      0,
    ],
  ])('%s is read no further than needed to know whether it can block', async (...args) => {
    const [, text, request, blocks, read] = args;
    expect(await found(text, request)).toEqual([blocks, read]);
  });
});
