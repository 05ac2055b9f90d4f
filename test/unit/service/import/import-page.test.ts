import { describe, expect, it } from 'vitest';
import { ImportPage } from '#service/import/import-page';
import { MAX_IMPORT_PAGE_NETWORKS, type ImportFilter, type ImportResult } from '#shared/api/routes-import';

type Line = Exclude<ImportFilter, 'noted'> | 'added and noted';

const LINES: readonly Line[] = ['added', 'invalid', 'added and noted', 'covered', 'added', 'duplicate'];
const LATE: readonly Line[] = ['covered', 'duplicate', 'added', 'added', 'added and noted', 'invalid'];

/** Which lines are answered, how many are left out, and where the next page begins. */
const pageOf = (
  request: { dryRun?: boolean; limit?: number; cursor?: string; outcome?: ImportFilter },
  lines: readonly Line[] = LINES,
  networks = 1,
): unknown => {
  const page = new ImportPage({
    text: '',
    allowWide: false,
    replace: false,
    dryRun: true,
    limit: 1_000,
    ...request,
  });
  lines.forEach((kind, index) => {
    const line = index + 1;
    const status = kind === 'added and noted' ? 'added' : kind;
    page.take({
      line,
      status,
      isNoted: kind === 'added and noted',
      networks,
      result: () => ({ line, status }) as ImportResult,
    });
  });
  const { results, omitted, nextCursor, ...counts } = page.answer();
  expect(counts).toEqual({ added: 3, duplicate: 1, covered: 1, invalid: 1, noted: 1 });
  return [results.map(({ line }) => line), omitted, nextCursor];
};

describe('the lines that an import answers', () => {
  it.each<[string, Parameters<typeof pageOf>[0], unknown]>([
    ['all that fit', {}, [[1, 2, 3, 4, 5, 6], 0, null]],
    ['as many as are wanted', { limit: 2 }, [[1, 2], 4, '2']],
    ['the next ones', { limit: 2, cursor: '2' }, [[3, 4], 4, '4']],
    ['the last ones', { limit: 2, cursor: '4' }, [[5, 6], 4, null]],
    ['none behind the end', { cursor: '6' }, [[], 6, null]],
    ['those that are invalid', { outcome: 'invalid' }, [[2], 5, null]],
    ['those with notes', { outcome: 'noted' }, [[3], 5, null]],
    ['a page of those that are added', { outcome: 'added', limit: 2 }, [[1, 3], 4, '3']],
    ['all of an import that fits', { dryRun: false, limit: 6 }, [[1, 2, 3, 4, 5, 6], 0, null]],
    ['what was not simply added of one that does not', { dryRun: false, limit: 5 }, [[2, 3, 4, 6], 2, null]],
    ['so much of that as fits', { dryRun: false, limit: 3 }, [[2, 3, 4], 3, null]],
    ['errors and notes before what was there', { dryRun: false, limit: 2 }, [[2, 3], 4, null]],
    ['what was asked for of an import', { dryRun: false, limit: 2, outcome: 'added' }, [[1, 3], 4, null]],
  ])('are %s', (_what, request, expected) => {
    expect(pageOf(request)).toEqual(expected);
  });

  it('have the errors among them however late they come', () => {
    expect(pageOf({ dryRun: false, limit: 2 }, LATE)).toEqual([[5, 6], 4, null]);
    expect(pageOf({ dryRun: false, limit: 3 }, LATE)).toEqual([[1, 5, 6], 3, null]);
  });

  it('end where they stand for very many networks', () => {
    expect(pageOf({}, LINES, MAX_IMPORT_PAGE_NETWORKS / 2)).toEqual([[1, 2], 4, '2']);
  });
});
