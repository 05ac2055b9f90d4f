import { describe, expect, it } from 'vitest';
import type { AttemptFacts } from '#service/gate/call-log';
import { applyWithin } from '#service/policy/apply-change';
import { writePolicy } from '#service/policy/policy-write';
import { breakable, useRecorders } from '#test/support/service/recorder-world';
import { RANGE } from '#test/support/service/storage-world';

const IP = '203.0.113.9';

describe('the first call of a row', () => {
  const { world, clock, recorderWith, facts, rows } = useRecorders();

  it('asks nothing about a call whose address was authorized meanwhile, but does once the range is gone', async () => {
    const recorder = recorderWith();
    world.policy.setRange({ ...RANGE, id: 'r', cidr: '203.0.113.0/24', effect: 'authorize' });
    expect(await recorder.record(facts(IP))).toMatchObject({ kind: 'logged', reviewId: null });
    world.policy.removeRange('r');
    // Within the same fold window.
    expect(await recorder.record(facts(IP))).toMatchObject({ reviewId: expect.any(String) as string });
  });

  it('forgets a first call that could not be written, so that the next call is one again', async () => {
    const { disk, write } = breakable(world.writer);
    disk.broken = true;
    const recorder = recorderWith({ write });
    const together = await Promise.allSettled([recorder.record(facts(IP)), recorder.record(facts(IP))]);
    expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    disk.broken = false;
    await recorder.record(facts(IP));
    expect(await rows()).toMatchObject([{ ip: IP, count: 1 }]);
  });

  it('leaves no row of a call that was answered otherwise before its write began, and decides those anew that waited for it', async () => {
    const recorder = recorderWith();
    const givenUp = recorder.record(facts(IP), () => true);
    const repeat = recorder.record(facts(IP));
    expect(await Promise.all([givenUp, repeat])).toEqual([{ kind: 'overtaken' }, { kind: 'overtaken' }]);
    expect(await rows()).toEqual([]);
    await recorder.record(facts(IP));
    expect(await rows()).toMatchObject([{ ip: IP, count: 1 }]);
  });

  it('writes first calls that arrive together in transactions that are not too long', async () => {
    let writes = 0;
    const recorder = recorderWith({
      write: (work) => {
        writes += 1;
        return world.writer.write(work);
      },
    });
    const ips = Array.from({ length: 450 }, (_, n) => `10.0.${n >> 8}.${n & 255}`);
    const logged = await Promise.all(ips.map((ip) => recorder.record(facts(ip))));
    const reviewIds = new Set(logged.map((each) => (each.kind === 'logged' ? each.reviewId : null)));
    expect(reviewIds.size).toBe(450);
    expect(writes).toBe(3);
    const { items } = await world.storage.read.reviews.page(world.policy.id, { limit: 1_000 });
    expect(items.map(({ ip }) => ip).sort()).toEqual([...ips].sort());
    const sizes = (
      await world.storage.read.feed.since(world.policy.id, 0, { attempts: 0, audit: 0 }, 2_000)
    ).filter(({ kind }) => kind === 'attempt');
    expect(sizes).toHaveLength(450);
  });

  it('opens one review for calls that arrive together, and counts them all', async () => {
    const opened: string[] = [];
    const recorder = recorderWith(
      {},
      {
        onReviewOpened: (_write, review) => {
          opened.push(`${review.ip} ${review.count}`);
          return Promise.resolve();
        },
      },
    );
    const together = await Promise.all([
      recorder.record(facts(IP)),
      recorder.record({ ...facts(IP), reason: 'untrusted' }),
    ]);
    const [first, second] = together.map((each) => (each.kind === 'logged' ? each.reviewId : null));
    expect(first).toEqual(expect.any(String));
    expect(second).toBe(first);
    expect(opened).toEqual([`${IP} 2`]);
    const { items } = await world.storage.read.reviews.page(world.policy.id, { limit: 10 });
    expect(items).toMatchObject([{ id: first, ip: IP, count: 2, active: 1 }]);
    clock.advance(60_000);
    await recorder.record(facts(IP));
    const again = await world.storage.read.reviews.page(world.policy.id, { limit: 10 });
    expect(again.items).toMatchObject([{ id: first, count: 3, last_at: clock.now() }]);
  });

  it('remembers at most fifty agents of a key and range, also of calls that arrive together', async () => {
    const recorder = recorderWith();
    const owner = {
      accountId: world.policy.id,
      actor: { kind: 'system', name: 'system' },
      via: 'system',
    } as const;
    const { writer, directory } = world;
    const { ranges } = await writePolicy({ writer, directory }, owner, (write) =>
      applyWithin(write, {
        type: 'range.add',
        cidr: '203.0.113.0/24',
        effect: 'authorize',
        label: '',
        keyId: null,
        rangeExpiresAt: null,
        allowWide: false,
      }),
    );
    const rangeId = ranges[0]?.id ?? '';
    const callOf = (n: number): AttemptFacts => ({
      ...facts(`203.0.113.${n}`),
      verdict: 'allowed',
      reason: 'authorized',
      rangeId,
      userAgent: `agent ${n}`,
    });
    const numbers = Array.from({ length: 70 }, (_, n) => n);
    await Promise.all(numbers.slice(0, 30).map((n) => recorder.record(callOf(n))));
    await Promise.all(numbers.slice(30).map((n) => recorder.record(callOf(n))));
    const sightings = await world.storage.read.sightings.ofKey(
      world.policy.id,
      world.keyId,
      clock.now(),
      100,
    );
    const uses = Object.fromEntries(sightings.map((row) => [row.agent, row.uses]));
    expect(uses).toEqual(
      Object.fromEntries([...numbers.slice(0, 50).map((n) => [`agent ${n}`, 1]), ['', 20]]),
    );
    // A range that is gone by the time its call is written vouches for nothing.
    await writePolicy({ writer, directory }, owner, (write) =>
      applyWithin(write, { type: 'range.remove', rangeId }),
    );
    expect(await recorder.record(callOf(99))).toMatchObject({ kind: 'logged' });
    expect(await world.storage.read.sightings.ofKey(world.policy.id, world.keyId, clock.now(), 100)).toEqual(
      [],
    );
  });
});
