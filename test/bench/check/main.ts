import { join } from 'node:path';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { bundlePrograms } from '../bundle';
import { benchApprovals } from './approvals';
import { benchDecisions } from './decisions';
import { benchEdits } from './edits';
import { createFilledService, ensureBuilt } from './filled-service';
import { benchHttp } from './http';
import { benchImports } from './imports';
import { hasCommand } from './program';
import { createLoad } from './wrk';

const USAGE = `usage: check [--quick] [decisions] [approvals] [http] [edits] [imports]`;
const SECTIONS = ['decisions', 'approvals', 'http', 'edits', 'imports'] as const;
type Section = (typeof SECTIONS)[number];

const isSection = (text: string): text is Section => (SECTIONS as readonly string[]).includes(text);

/**
 * The figures of docs/behaviour.md 9 for decisions: in process, after an approval, over HTTP, and while the list is edited or imported to. Both sides of each ratio are
 * measured in turn in one run. `--quick` takes a minute and says less; names of sections run those alone.
 */
export const main = async (args: readonly string[]): Promise<number> => {
  const isQuick = args.includes('--quick');
  const named = args.filter((arg) => arg !== '--quick');
  if (!named.every(isSection)) {
    console.error(USAGE);
    return 2;
  }
  const wants = (section: Section): boolean => named.length === 0 || named.includes(section);
  const programs = await bundlePrograms('bench-check', {
    'decisions-worker': join(import.meta.dirname, 'decisions-worker.ts'),
    'constant-server': join(import.meta.dirname, 'constant-server.ts'),
    editor: join(import.meta.dirname, 'editor.ts'),
    importer: join(import.meta.dirname, 'importer.ts'),
  });
  if (wants('decisions')) await benchDecisions(programs, isQuick);
  if (!SECTIONS.slice(1).some(wants)) return 0;
  ensureBuilt();
  if (wants('approvals')) await benchApprovals(isQuick);
  if (!wants('http') && !wants('edits') && !wants('imports')) return 0;
  if (!hasCommand('wrk', '-v')) {
    console.log('\nHTTP, edits and imports are skipped: wrk is not installed');
    return 0;
  }
  const pace = isQuick ? { rounds: 3, roundSeconds: 1 } : { rounds: 9, roundSeconds: 3 };
  const dir = makeTempDir('load');
  try {
    if (wants('http')) {
      const filled = await createFilledService(10_000);
      try {
        await benchHttp(programs, filled, createLoad(dir, filled.apiKey, filled.callers), pace);
      } finally {
        filled.remove();
      }
    }
    if (wants('edits')) {
      const filled = await createFilledService(100_000);
      try {
        await benchEdits(programs, filled, createLoad(dir, filled.apiKey, filled.callers), pace);
      } finally {
        filled.remove();
      }
    }
    if (wants('imports')) {
      const filled = await createFilledService(100_000);
      try {
        await benchImports(programs, filled, createLoad(dir, filled.apiKey, filled.callers), pace);
      } finally {
        filled.remove();
      }
    }
  } finally {
    removeTempDir(dir);
  }
  return 0;
};
