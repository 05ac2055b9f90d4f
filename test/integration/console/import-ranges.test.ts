import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { exportRanges } from '#electron/core/use-cases/export-ranges';
import { importRanges } from '#electron/core/use-cases/import-ranges';
import type { RouteInput, RouteRequest } from '#shared/api/route-types';
import { importRoutes, MAX_IMPORT_BYTES } from '#shared/api/routes-import';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const world = useRemoteWorld();

const wanted = (request: RouteInput<'importRanges'>['body']): RouteRequest<'importRanges'>['body'] =>
  importRoutes.importRanges.body.parse(request);

describe('an import of ranges from the console', () => {
  beforeEach(() => world.connectAndSync());

  it('is looked at a page at a time, then done, and reaches the mirror', async () => {
    const { core } = world.console;
    const text = '203.0.113.1,First\noffice\n203.0.113.2,Last';
    const tried = value(await importRanges(core, wanted({ text, dryRun: true, outcome: 'invalid' })));
    expect(tried).toMatchObject({ added: 2, invalid: 1, results: [{ line: 2, code: 'invalid_cidr' }] });
    expect(world.mirror().ranges).toEqual([]);
    expect(value(await importRanges(core, wanted({ text })))).toMatchObject({ added: 2 });
    await waitFor('both ranges', () => world.mirror().ranges.length === 2);
    expect(
      world
        .mirror()
        .ranges.map(({ label }) => label)
        .sort(),
    ).toEqual(['First', 'Last']);
  });

  it('says what is wrong with a text as a whole', async () => {
    const page = await importRanges(world.console.core, wanted({ text: '<html>', dryRun: true }));
    expect(page).toMatchObject({ ok: false, failure: { kind: 'invalid', field: 'text' } });
    const large = await importRanges(
      world.console.core,
      wanted({ text: 'x'.repeat(MAX_IMPORT_BYTES), dryRun: true }),
    );
    expect(large).toMatchObject({
      ok: false,
      failure: { kind: 'invalid', code: 'payload_too_large', field: 'text' },
    });
  });

  it('comes out again as a file, whole or not at all', async () => {
    const { core } = world.console;
    const dir = makeTempDir('export');
    try {
      value(await importRanges(core, wanted({ text: '203.0.113.1,First\n203.0.113.2,Last' })));
      const path = join(dir, 'list.csv');
      const names: string[] = [];
      const choose = (name: string): Promise<string> => {
        names.push(name);
        return Promise.resolve(path);
      };
      expect(value(await exportRanges(core, { format: 'csv' }, choose))).toEqual({ path });
      expect(names).toEqual(['gatehouse-ranges.csv']);
      expect(readdirSync(dir)).toEqual(['list.csv']);
      const again = await importRanges(core, wanted({ text: readFileSync(path, 'utf8'), dryRun: true }));
      expect(value(again)).toMatchObject({ duplicate: 2, added: 0, invalid: 0 });

      expect(value(await exportRanges(core, { format: 'csv' }, () => Promise.resolve(null)))).toEqual({
        path: null,
      });
      const nowhere = await exportRanges(core, { format: 'json' }, () =>
        Promise.resolve(join(dir, 'no', 'list')),
      );
      expect(nowhere).toMatchObject({ ok: false, failure: { kind: 'storage' } });
      await world.service.stop();
      const away = await exportRanges(core, { format: 'json' }, () =>
        Promise.resolve(join(dir, 'list.json')),
      );
      expect(away).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
      expect(readdirSync(dir)).toEqual(['list.csv']);
    } finally {
      removeTempDir(dir);
    }
  });
});
