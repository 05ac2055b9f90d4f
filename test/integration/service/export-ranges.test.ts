import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportFormat } from '#shared/api/routes-import';
import type { Range } from '#shared/domain/entities';
import { importText } from '#test/support/service/import-text';
import { startTestService, type TestService } from '#test/support/service/test-service';

const SOON = new Date(Date.now() + 86_400_000).toISOString();

describe('an export of the list', () => {
  let service: TestService;
  let keyId = '';

  beforeAll(async () => {
    service = await startTestService();
    ({
      key: { id: keyId },
    } = await service.createKey('Web shop'));
    const add = (body: object): Promise<unknown> => service.api('/v1/ranges', { body });
    await add({ cidr: '192.0.2.0/24', label: 'Lyon, "2nd" floor; left # 5' });
    await add({ cidr: '192.0.2.7', effect: 'deny', label: '=SUM(A1)' });
    await add({ cidr: '2001:db8::/48', label: "'=not a formula" });
    await add({ cidr: '0.0.0.0/0', effect: 'deny', allowWide: true });
    await add({ cidr: '198.51.100.0/24', keyId, label: 'Partner' });
    await add({ cidr: '203.0.113.9', expiresAt: SOON });
    await add({ cidr: '203.0.113.10', expiresAt: '2035-01-31T00:00:00Z' });
  });
  afterAll(() => service.stop());

  const all = async (): Promise<Range[]> =>
    ((await service.api('/v1/ranges?limit=1000')).json as { items: Range[] }).items;
  const exported = async (query: string): Promise<string> =>
    (await service.api(`/v1/ranges/export?${query}`)).text;
  const essence = (
    ranges: readonly Pick<Range, 'cidr' | 'effect' | 'label' | 'keyId' | 'expiresAt'>[],
  ): unknown[] =>
    ranges
      .map(({ cidr, effect, label, keyId: key, expiresAt }) => [cidr, effect, label, key, expiresAt])
      .sort();

  /** Imports the text into an empty list, as a preview, and returns what it means. */
  const imported = async (text: string): Promise<unknown[]> => {
    const other = await startTestService();
    try {
      await other.createKey('Web shop');
      const { results } = await importText(other, text, { dryRun: true, allowWide: true });
      return essence(
        results.flatMap(({ cidrs, label, effect, keyId: key, expiresAt }) =>
          cidrs.map((cidr) => ({ cidr, label, effect, keyId: key, expiresAt })),
        ),
      );
    } finally {
      await other.stop();
    }
  };

  it.each<ExportFormat>(['csv', 'json'])('as %s imports again without loss', async (format) => {
    const text = await exported(`format=${format}`);
    const again = await importText(service, text, { dryRun: true, allowWide: true });
    const list = await all();
    expect(again).toMatchObject({ duplicate: list.length, added: 0, invalid: 0 });
    expect(
      essence(again.results.map((line) => ({ ...line, cidr: line.cidrs.join(), effect: line.effect }))),
    ).toEqual(essence(list));
  });

  it('as nginx has the longest ranges first, and what it can hold', async () => {
    const text = await exported('format=nginx');
    expect(text.split('\n')).toEqual([
      '# For an include in a location, server or http block.',
      'deny 192.0.2.7/32; # =SUM(A1)',
      'allow 192.0.2.0/24; # Lyon, "2nd" floor; left # 5',
      'deny 0.0.0.0/0;',
      "allow 2001:db8::/48; # '=not a formula",
      'deny all;',
      '# 3 ranges are not here: the format cannot say for which key or until when they hold.',
      '',
    ]);
    const held = (await all()).filter((range) => range.keyId === null && range.expiresAt === null);
    expect(await imported(text)).toEqual(essence(held));
  });

  it('as a map of HAProxy has ranges and effects', async () => {
    const text = await exported('format=haproxy');
    const held = (await all()).filter((range) => range.keyId === null && range.expiresAt === null);
    expect(await imported(text)).toEqual(essence(held.map((range) => ({ ...range, label: '' }))));
  });

  it('as sets of ipset has labels and ends, too', async () => {
    const text = await exported('format=ipset');
    expect(text).toContain('create gatehouse-deny-v6 hash:net family inet6');
    expect(text).toContain('add gatehouse-deny-v4 128.0.0.0/1\n');
    expect(text).toContain('# 2 ranges are not here');
    const found = (await imported(text)) as [string, string, string, null, string | null][];
    expect(
      found.map(([cidr, effect, label, , expiresAt]) => [cidr, effect, label, expiresAt !== null]),
    ).toEqual([
      ['0.0.0.0/1', 'deny', '', false],
      ['128.0.0.0/1', 'deny', '', false],
      ['192.0.2.0/24', 'authorize', "Lyon, '2nd' floor; left # 5", false],
      ['192.0.2.7/32', 'deny', '=SUM(A1)', false],
      ['2001:db8::/48', 'authorize', "'=not a formula", false],
      ['203.0.113.9/32', 'authorize', '', true],
    ]);
  });

  it('may be of one effect', async () => {
    expect(await exported('format=nginx&effect=deny')).not.toContain('all');
    const csv = await exported('effect=deny');
    expect(csv.trim().split('\r\n')).toHaveLength(3);
  });

  it('comes as a file with a name', async () => {
    const answer = await service.api('/v1/ranges/export?format=haproxy');
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.headers['content-disposition']).toMatch(/gatehouse-ranges-.*\.map/);
    expect((await service.api('/v1/ranges/export?format=xls')).status).toBe(400);
  });

  it('of an empty list is an empty list', async () => {
    const empty = await startTestService();
    try {
      expect((await empty.api('/v1/ranges/export?format=json')).json).toEqual({ ranges: [] });
      for (const format of ['csv', 'json', 'nginx', 'haproxy', 'ipset']) {
        const { text } = await empty.api(`/v1/ranges/export?format=${format}`);
        expect(await importText(empty, text)).toMatchObject({ added: 0, invalid: 0 });
      }
    } finally {
      await empty.stop();
    }
  });
});
