import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttemptSummary } from '#shared/api/routes-log';
import type { Attempt } from '#shared/domain/entities';
import { manualClock } from '#test/support/manual-clock';
import { idAt, insertLogRows, type LogRow } from '#test/support/service/log-rows';
import { simulateAt } from '#test/support/service/simulate';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

/** A flood leaves rows in the log that stand for networks: whoever reads it has to bear them. */
describe('a log with networks of a flood', () => {
  const clock = manualClock();
  let dataDir = '';
  let service: TestService;
  beforeAll(async () => {
    dataDir = makeTempDir('flood-rows');
    service = await startTestService({ clock, dataDir });
    const { key } = await service.createKey();
    await service.stop();
    const row = (number: number, ip: string, fields: Partial<LogRow> = {}): LogRow => ({
      id: idAt(clock.now() - 1_000, number),
      ip,
      keyId: key.id,
      reason: 'unknown',
      firstAt: clock.now() - 1_000,
      ...fields,
    });
    insertLogRows(dataDir, [
      row(1, '203.0.0.0/16', { count: 500 }),
      row(2, '203.0.0.0/16', { count: 20, reason: 'authorized' }),
      row(3, '203.0.113.9', { count: 3, country: 'DE', asn: 64500 }),
      row(4, '2001:db8::/32', { count: 40 }),
    ]);
    service = await startTestService({ clock, dataDir });
  });
  afterAll(async () => {
    await service.stop();
    removeTempDir(dataDir);
  });

  const ipsOf = async (query: string): Promise<string[]> => {
    const { items } = (await service.api(`/v1/attempts?order=oldest&${query}`)).json as { items: Attempt[] };
    return items.map(({ ip }) => ip);
  };

  it('is listed, and a network is found by its first address', async () => {
    expect(await ipsOf('')).toEqual(['203.0.0.0/16', '203.0.0.0/16', '203.0.113.9', '2001:db8::/32']);
    expect(await ipsOf('ip=203.0.0.0/16')).toEqual(['203.0.0.0/16', '203.0.0.0/16', '203.0.113.9']);
    expect(await ipsOf('ip=203.0.113.0/24')).toEqual(['203.0.113.9']);
    expect(await ipsOf('ip=2001:db8::/32')).toEqual(['2001:db8::/32']);
    expect(await ipsOf('q=/16')).toEqual(['203.0.0.0/16', '203.0.0.0/16']);
  });

  it('is summed up with them', async () => {
    const summary = (await service.api('/v1/attempts/summary')).json as AttemptSummary;
    expect(summary.total).toEqual({ allowed: 20, blocked: 543 });
    expect(summary.addresses.map(({ ip, country, blocked }) => [ip, country, blocked])).toEqual([
      ['203.0.0.0/16', null, 500],
      ['2001:db8::/32', null, 40],
      ['203.0.113.9', 'DE', 3],
    ]);
  });

  it('is replayed without them: their calls stay as they were decided', async () => {
    const { before, after, pairs, changed } = await simulateAt(service, { mode: 'deactivated' });
    expect(before).toEqual({ allowed: 20, blocked: 543 });
    expect(after).toEqual({ allowed: 23, blocked: 540 });
    expect([pairs.before, changed]).toEqual([{ allowed: 0, blocked: 1 }, 1]);
  });

  it('is exported, and sent to consoles', async () => {
    const csv = await service.api('/v1/attempts/export');
    expect(csv.text).toContain(',203.0.0.0/16,');
    const changes = (await service.api('/v1/changes')).json as {
      changes: { kind: string; value: Attempt }[];
    };
    const sent = changes.changes.filter(({ kind }) => kind === 'attempt').map(({ value }) => value.ip);
    expect(sent).toContain('203.0.0.0/16');
  });
});
