import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent, Range } from '#shared/domain/entities';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { importText } from '#test/support/service/import-text';
import { problem } from '#test/support/service/problem-answer';

describe('an import with options', () => {
  const world = useControlPlane();
  let net = '';
  beforeEach(() => {
    net = `198.51.${world.block}`;
  });

  const ranges = async (): Promise<Range[]> =>
    ((await world.service.api(`/v1/ranges?limit=1000&q=${net}.`)).json as { items: Range[] }).items;
  const cidrs = async (): Promise<string[]> => (await ranges()).map(({ cidr }) => cidr).sort();
  const verdictOf = async (ip: string): Promise<number> =>
    (await world.service.check(world.secret, ip)).status;

  it('says what was recognized, and which column is which', async () => {
    const text = `Name;Net;Action;Key;Expires\nLyon;${net}.0/25;allow;Test key;2035-01-31\nOslo;${net}.128/25;block;;`;
    const imported = await importText(world.service, text);
    expect(imported.recognized).toEqual({
      format: 'csv',
      unit: 'line',
      columns: ['label', 'range', 'effect', 'key', 'expiresAt'].map((role, index) => ({
        number: index + 1,
        name: ['Name', 'Net', 'Action', 'Key', 'Expires'][index],
        role,
      })),
    });
    const ofKey = {
      effect: 'authorize',
      keyId: world.keyId,
      expiresAt: '2035-01-31T00:00:00.000Z',
      label: 'Lyon',
    };
    expect(imported.results[0]).toMatchObject({ line: 2, status: 'added', ...ofKey });
    expect(await ranges()).toMatchObject([
      { cidr: `${net}.0/25`, ...ofKey, source: 'import' },
      {
        cidr: `${net}.128/25`,
        effect: 'deny',
        keyId: null,
        expiresAt: null,
        label: 'Oslo',
        source: 'import',
      },
    ]);
    expect(await verdictOf(`${net}.1`)).toBe(200);
    expect(await verdictOf(`${net}.200`)).toBe(401);
  });

  it('has them in place of what the lines say', async () => {
    const text = `cidr,label,effect,key,expires\n${net}.1,A,deny,nobody,2034-01-31\n${net}.2,B,,,`;
    const expiresAt = '2035-01-31T00:00:00.000Z';
    const options = { effect: 'authorize', keyId: world.keyId, label: 'All', expiresAt } as const;
    await importText(world.service, text, options);
    expect(await ranges()).toMatchObject([options, options]);
  });

  it('refuses what a line may not say', async () => {
    const text = `cidr,key,effect\n${net}.1,nobody,\n${net}.2,,maybe\n0.0.0.0/0,,\n${net}.3,Test key,deny`;
    const imported = await importText(world.service, text);
    expect(imported.results.map(({ line, code }) => [line, code])).toEqual([
      [2, 'invalid_key'],
      [3, 'invalid_effect'],
      [4, 'too_wide'],
      [5, undefined],
    ]);
    expect(await ranges()).toMatchObject([{ cidr: `${net}.3/32`, effect: 'deny', keyId: world.keyId }]);
  });

  it('takes very wide ranges if it may', async () => {
    const tried = await importText(world.service, '96.0.0.0/4', { allowWide: true, dryRun: true });
    expect(tried).toMatchObject({ added: 1, results: [{ cidrs: ['96.0.0.0/4'] }] });
  });

  const eighths = ['96.0.0.0/8', '97.0.0.0/8', '98.0.0.0/8'].join('\n');

  it('lets in no more with many wide ranges than with one, and denies as many as it likes', async () => {
    const imported = await importText(world.service, eighths, { dryRun: true });
    expect(imported.results.map(({ status, code }) => code ?? status)).toEqual([
      'added',
      'too_wide',
      'too_wide',
    ]);
    expect(imported.results[1]?.detail).toContain('with the lines above');
    const wide = await importText(world.service, eighths, { allowWide: true, dryRun: true });
    expect(wide.added).toBe(3);
    const denied = await importText(world.service, eighths, { effect: 'deny', dryRun: true });
    expect(denied.added).toBe(3);
  });

  it('adds up only what the list did not let in', async () => {
    await importText(world.service, '96.0.0.0/8\n97.0.0.0/8', { allowWide: true });
    const imported = await importText(world.service, `${eighths}\n97.1.0.0/16\n99.0.0.1`, { dryRun: true });
    expect(imported.results.map(({ status, code }) => code ?? status)).toEqual([
      'duplicate',
      'duplicate',
      'added',
      'covered',
      'too_wide',
    ]);
  });

  it('reads a file in whatever it is written and packed', async () => {
    const text = `${net}.1,Büro`;
    const files = [gzipSync(text), Buffer.from(`\uFEFF${text}`, 'utf16le'), Buffer.from(text, 'latin1')];
    for (const file of files) {
      const answer = await world.service.api('/v1/ranges/import', {
        body: { data: file.toString('base64'), dryRun: true },
      });
      expect(answer.json).toMatchObject({ added: 1, results: [{ label: 'Büro' }] });
    }
    const body = { data: gzipSync(text).subarray(0, 15).toString('base64') };
    const broken = await world.service.api('/v1/ranges/import', { body });
    expect(problem(broken)).toMatchObject({ status: 400, code: 'invalid_request', field: 'data' });
  });

  it('tells what one key is denied, and denies what others are let in from', async () => {
    await world.addOne({ cidr: `${net}.0/24`, effect: 'deny', keyId: world.keyId });
    const ofKey = await importText(world.service, `${net}.7`, { keyId: world.keyId, dryRun: true });
    expect(ofKey.results[0]?.notes).toMatchObject([{ code: 'opens_denial' }]);
    const same = await importText(world.service, `${net}.0/24`, { keyId: world.keyId, dryRun: true });
    expect(same.results[0]?.notes).toMatchObject([{ code: 'void_by_denial' }]);
    const denial = await importText(world.service, `${net}.7`, { effect: 'deny', dryRun: true });
    expect(denial.results[0]).toMatchObject({ status: 'added', effect: 'deny', notes: [] });
  });

  it('replaces what the last import of that name added', async () => {
    const name = `offices ${net}`;
    await world.addOne({ cidr: `${net}.9`, label: 'By hand' });
    await importText(world.service, `${net}.1\n${net}.2,Old\n${net}.3`, { name });
    await importText(world.service, `${net}.4`, { name: `${name} too` });
    const text = `${net}.1\n${net}.5\n${net}.9`;
    const tried = await importText(world.service, text, { name, replace: true, dryRun: true });
    expect(tried).toMatchObject({
      added: 1,
      duplicate: 2,
      removed: 2,
      removals: [{ cidr: `${net}.2/32`, label: 'Old' }, { cidr: `${net}.3/32` }],
    });
    expect(await cidrs()).toHaveLength(5);
    const done = await importText(world.service, text, { name, replace: true });
    expect(done).toMatchObject({ added: 1, removed: 2 });
    expect(await cidrs()).toEqual([1, 4, 5, 9].map((n) => `${net}.${n}/32`));
    expect(await verdictOf(`${net}.2`)).toBe(401);
    const [event] = ((await world.service.api('/v1/audit?limit=1')).json as { items: AuditEvent[] }).items;
    expect(event).toMatchObject({
      action: 'ranges.import',
      after: { name, ranges: 1, removed: 2, complete: true },
    });
    // What stayed is still of that name, and what was added by hand is not.
    await importText(world.service, `${net}.5`, { name, replace: true });
    expect(await cidrs()).toEqual([4, 5, 9].map((n) => `${net}.${n}/32`));
  });

  it('adds what only ranges cover that it removes', async () => {
    const name = `offices ${net}`;
    await importText(world.service, `${net}.0/24`, { name });
    const narrower = await importText(world.service, `${net}.1`, { name, replace: true });
    expect(narrower).toMatchObject({ added: 1, covered: 0, removed: 1 });
    expect(await verdictOf(`${net}.1`)).toBe(200);
    expect(await cidrs()).toEqual([`${net}.1/32`]);
    // What stays covers as it always did.
    await importText(world.service, `${net}.0/24\n${net}.1`, { name, replace: true });
    const again = await importText(world.service, `${net}.0/24\n${net}.2`, { name, replace: true });
    expect(again).toMatchObject({ added: 0, duplicate: 1, covered: 1, removed: 1 });
  });

  it('removes nothing without one line that it can read', async () => {
    const name = `offices ${net}`;
    await importText(world.service, `${net}.1`, { name });
    for (const text of ['', 'office']) {
      expect(await importText(world.service, text, { name, replace: true })).toMatchObject({ removed: 0 });
    }
    expect(await cidrs()).toEqual([`${net}.1/32`]);
  });
});
