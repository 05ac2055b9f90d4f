import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { routes } from '#shared/api/contract';
import { operationSchema } from '#shared/api/routes-operations';
import { problemCodeSchema } from '#shared/api/problem';
import { reasonSchema } from '#shared/domain/entities';
import { IP_TEXT_ERROR_CODES } from '#shared/ip/error';

const behaviour = readFileSync('docs/behaviour.md', 'utf8');

/** The numbers that a comment may cite: of headings, of paragraphs and of rows. */
const NUMBERS = new Set(
  [...behaviour.matchAll(/^(?:#+ |\| )?(\d+(?:\.\d+)*)\.? /gm)].map(([, number]) => number),
);

describe('docs/behaviour.md', () => {
  it.each(Object.values(routes).map(({ method, path }) => [method, path] as const))(
    'has the call %s %s',
    (method, path) => {
      // Methods of one path may share a row.
      const pattern = `${method}(?:, [A-Z]+)* ${path}[\`?]`.replaceAll('/', '\\/');
      expect(behaviour).toMatch(new RegExp(`\`(?:[A-Z]+, )*${pattern}`));
    },
  );

  it('has every setting of the service, and no other', () => {
    const read = [...readFileSync('service/config.ts', 'utf8').matchAll(/GATEHOUSE_[A-Z_]+/g)];
    // The first column of the table.
    const rows = behaviour.split('\n').filter((line) => line.startsWith('| `GATEHOUSE_'));
    const told = rows
      .flatMap((row) => row.split(' | ', 1))
      .flatMap((cell) => cell.match(/GATEHOUSE_[A-Z_]+/g));
    expect(told.sort()).toEqual([...new Set(read.map(([name]) => name))].sort());
  });

  it.each([
    ['problem code', problemCodeSchema.options],
    ['reason', reasonSchema.options],
    ['refusal of a range text', IP_TEXT_ERROR_CODES],
    ['operation', operationSchema.options.map(({ shape }) => shape.type.value)],
  ])('has every %s', (_what, names) => {
    expect(names.filter((name) => !behaviour.includes(`\`${name}\``))).toEqual([]);
  });

  it('has every number that the sources cite', () => {
    const cited = ['demo', 'electron', 'renderer', 'service', 'shared', 'test'].flatMap((folder) =>
      filesUnder(folder, /\.tsx?$/).flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/docs\/behaviour\.md (\d+(?:\.\d+)*)/g)].map(
          ([, number]) => `${file}: ${number ?? ''}`,
        ),
      ),
    );
    expect(cited.length).toBeGreaterThan(10);
    expect(cited.filter((one) => !NUMBERS.has(one.split(': ')[1]))).toEqual([]);
  });
});

describe('the pages', () => {
  const pages = ['README.md', 'ARCHITECTURE.md', ...filesUnder('docs', /\.md$/)];

  it.each(pages)('lead to places that are there: %s', (page) => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
    const broken = links.filter(([, path = '', heading]) => {
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(target)) return true;
      return heading !== undefined && !anchorsOf(readFileSync(target, 'utf8')).has(heading);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it.each(pages)('name files that are there: %s', (page) => {
    const named = [
      ...readFileSync(page, 'utf8').matchAll(
        /`((?:demo|shared|service|electron|renderer|resources|test)\/[\w./-]+)`/g,
      ),
    ];
    expect(named.map(([, path = '']) => path).filter((path) => !existsSync(path))).toEqual([]);
  });
});

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase());
  return new Set(headings.map((heading) => heading.replaceAll(/[^\w\- ]/g, '').replaceAll(' ', '-')));
}

function filesUnder(folder: string, name: RegExp): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => name.test(file)).map((file) => join(folder, file));
}

describe('docs/faults.md', () => {
  const tests = new Set(
    readdirSync('test', { recursive: true, encoding: 'utf8' }).flatMap(
      (path) => /([^/]+)\.test\.tsx?$/.exec(path)?.[1] ?? [],
    ),
  );
  const rows = readFileSync('docs/faults.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('`'));

  it('names tests that exist', () => {
    const named = rows.flatMap((row) => [...(row.split(' | ').at(-1) ?? '').matchAll(/`([a-z-]+)`/g)]);
    expect(named.length).toBeGreaterThan(20);
    expect(named.map(([, name = '']) => name).filter((name) => !tests.has(name))).toEqual([]);
  });
});
