import { describe, expect, it } from 'vitest';
import type { AttemptFacts } from '#service/gate/call-log';
import type { Recorder } from '#service/log/record/recorder';
import type { Writer } from '#service/storage/writer';
import { HOUR_MS } from '#shared/durations';
import { breakable, useRecorders } from '#test/support/service/recorder-world';

const NEW_KEY = {
  name: 'Other',
  prefix: 'gh_xyz',
  status: 'active',
  report_only: 0,
  created_at: 0,
  last_used_at: null,
  rotated_at: null,
} as const;

describe('the log in a flood of addresses of one key', () => {
  const { world, clock, recorderWith, facts, rows } = useRecorders();

  const flooded = (over: Partial<Writer> = {}): Recorder =>
    recorderWith(over, { floods: { mostAddresses: 3, mostNetworks: 4 } });
  const denied = (ip: string): AttemptFacts => ({
    ...facts(ip),
    reason: 'denied',
    method: 'GET',
    path: '/secret',
    userAgent: 'curl/8.5.0',
  });
  const begin = async (recorder: Recorder): Promise<void> => {
    for (const ip of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) await recorder.record(denied(ip));
  };
  const counts = async (): Promise<[string, number][]> =>
    (await rows()).slice(3).map(({ ip, count }) => [ip, count]);

  it('logs networks in their place, each before its first call is answered, and counts the rest', async () => {
    const recorder = flooded();
    await begin(recorder);
    expect(await recorder.record(denied('203.0.113.1'))).toEqual({
      kind: 'logged',
      reviewId: null,
      rangeId: null,
    });
    expect(await counts()).toEqual([['203.0.0.0/16', 1]]);
    const more = ['203.0.113.1', '203.0.7.7', '2001:db8::1', '2001:db8:ffff::2', '198.51.100.1'];
    await Promise.all(more.map((ip) => recorder.record(denied(ip))));
    await recorder.record({ ...denied('203.0.9.9'), reason: 'revoked_key' });
    await recorder.flush();
    expect(await counts()).toEqual([
      ['203.0.0.0/16', 3],
      ['2001:db8::/32', 2],
      ['198.51.0.0/16', 1],
      ['203.0.0.0/16', 1],
    ]);
    // It stands for many callers, so it says nothing of one of them.
    expect((await rows())[3]).toMatchObject({
      ip_sort: '4cb000000',
      method: null,
      path: null,
      user_agent: null,
    });
  });

  it('takes wider networks once there are very many', async () => {
    const recorder = flooded();
    await begin(recorder);
    for (const octet of [1, 2, 3, 4, 5, 6]) await recorder.record(denied(`10.${octet}.0.1`));
    for (const ip of ['2001:db8::1', '2001:db9::1', '10.1.0.2', '::1']) await recorder.record(denied(ip));
    await recorder.flush();
    expect(await counts()).toEqual([
      ['10.1.0.0/16', 2],
      ['10.2.0.0/16', 1],
      ['10.3.0.0/16', 1],
      ['10.4.0.0/16', 1],
      ['10.0.0.0/8', 2],
      ['2000::/12', 2],
      ['::/12', 1],
    ]);
  });

  it('logs addresses again when its hour is over', async () => {
    const recorder = flooded();
    await begin(recorder);
    await recorder.record(denied('203.0.113.1'));
    clock.advance(HOUR_MS - 1);
    await recorder.record(denied('203.0.113.2'));
    clock.advance(1);
    await recorder.record(denied('203.0.113.3'));
    await recorder.flush();
    expect(await counts()).toEqual([
      ['203.0.0.0/16', 2],
      ['203.0.113.3', 1],
    ]);
  });

  it('leaves other keys and what is open already alone', async () => {
    const other = 'other';
    await world.writer.write(({ tx }) =>
      tx.keys.insert({ ...NEW_KEY, id: other, account_id: world.policy.id, changed_seq: 1 }),
    );
    const recorder = flooded();
    await begin(recorder);
    await recorder.record(denied('203.0.113.1'));
    await recorder.record(denied('192.0.2.1'));
    await recorder.record({ ...denied('203.0.113.1'), keyId: other });
    await recorder.flush();
    expect((await rows()).map(({ ip, key_id: key, count }) => [ip, key === other, count])).toEqual([
      ['192.0.2.1', false, 2],
      ['192.0.2.2', false, 1],
      ['192.0.2.3', false, 1],
      ['203.0.0.0/16', false, 1],
      ['203.0.113.1', true, 1],
    ]);
  });

  it('keeps a row for what opens a review, and counts the addresses that reviews stand for', async () => {
    const recorder = flooded();
    await begin(recorder);
    const first = await recorder.record(facts('2001:db8::1'));
    for (const last of ['2', '3', '2', '4']) {
      expect(await recorder.record(facts(`2001:db8::${last}`))).toEqual(first);
    }
    await recorder.flush();
    expect(await counts()).toEqual([
      ['2001:db8::1', 1],
      ['2001:db8::/32', 4],
    ]);
    const { items } = await world.storage.read.reviews.page(world.policy.id, { limit: 10 });
    expect(items).toMatchObject([{ ip: '2001:db8::1', count: 5, address_count: 4 }]);
    expect((JSON.parse(items[0]?.callers ?? '') as { ip: string }[]).map(({ ip }) => ip)).toEqual([
      '2001:db8::4',
      '2001:db8::2',
      '2001:db8::3',
      '2001:db8::1',
    ]);
  });

  it('answers nobody whose network could not be logged, and loses no count to a failed flush', async () => {
    const { disk, write } = breakable(world.writer);
    const recorder = flooded({ write });
    await begin(recorder);
    await recorder.record(facts('2001:db8::1'));
    disk.broken = true;
    await expect(recorder.record(facts('2001:db8::2'))).rejects.toThrow('disk full');
    disk.broken = false;
    await recorder.record(facts('2001:db8::2'));
    await recorder.record(facts('2001:db8::3'));
    disk.broken = true;
    await expect(recorder.flush()).rejects.toThrow('disk full');
    await recorder.record(facts('2001:db8::4'));
    disk.broken = false;
    await recorder.flush();
    expect(await counts()).toEqual([
      ['2001:db8::1', 1],
      ['2001:db8::/32', 3],
    ]);
    const { items } = await world.storage.read.reviews.page(world.policy.id, { limit: 10 });
    expect(items).toMatchObject([{ count: 4, address_count: 3 }]);
  });
});
