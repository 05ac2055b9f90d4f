import { describe, expect, it, vi } from 'vitest';
import type { MirrorPatch, MirrorSnapshot } from '#shared/ipc/mirror';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import {
  applyPatch,
  may,
  type Mirror,
  mirrorOf,
  pendingReviews,
  orderOf,
} from '../../../renderer/src/stores/mirror-model';
import { startMirrorSync } from '../../../renderer/src/stores/mirror-sync';
import { account, minutesAgo, range, review, snapshot, ulid } from '../../component/builders';

/** A main process whose snapshots are given by hand, one for each time it is asked. */
function fakeMain() {
  const asked: ((outcome: Outcome<MirrorSnapshot>) => void)[] = [];
  let listener: ((patch: MirrorPatch) => void) | null = null;
  let mirror: Mirror | null = null;
  let replaced = 0;
  const fail = vi.fn();
  const stop = startMirrorSync(
    {
      snapshot: () => new Promise((resolve) => asked.push(resolve)),
      onPatch: (receive) => {
        listener = receive;
        return () => {
          listener = null;
        };
      },
    },
    {
      current: () => mirror,
      replace: (next) => {
        mirror = next;
        replaced += 1;
      },
      fail,
    },
  );
  return {
    stop,
    fail,
    patch: (patch: MirrorPatch) => listener?.(patch),
    listening: () => listener !== null,
    asked: () => asked.length,
    answer: async (outcome: Outcome<MirrorSnapshot>) => {
      asked.at(-1)?.(outcome);
      await Promise.resolve();
      await Promise.resolve();
    },
    mirror: () => mirror,
    replaced: () => replaced,
  };
}

const added = (version: number, cidr: string): MirrorPatch => ({
  version,
  ranges: { upserted: [range({ id: ulid(500 + version), cidr })], removed: [] },
});
const cidrs = (mirror: Mirror | null) => [...(mirror?.ranges.values() ?? [])].map(({ cidr }) => cidr);

describe('following main', () => {
  it('subscribes before it asks, drops patches that the snapshot contains, and applies later ones in order', async () => {
    const main = fakeMain();
    expect(main.listening()).toBe(true);
    main.patch(added(3, '192.0.2.3/32'));
    main.patch(added(4, '192.0.2.4/32'));
    main.patch(added(5, '192.0.2.5/32'));
    await main.answer(succeeded(snapshot({ version: 3, ranges: [] })));
    expect(main.mirror()?.version).toBe(5);
    expect(cidrs(main.mirror())).toEqual(['192.0.2.4/32', '192.0.2.5/32']);
  });

  it('shows patches together that come faster than the page can show them', async () => {
    const main = fakeMain();
    await main.answer(succeeded(snapshot({ version: 1, ranges: [] })));
    for (let version = 2; version <= 50; version += 1) main.patch(added(version, `192.0.2.${version}/32`));
    await vi.waitFor(() => expect(main.mirror()?.version).toBe(50));
    expect(cidrs(main.mirror())).toHaveLength(49);
    // The snapshot, the first patch, and the others.
    expect(main.replaced()).toBe(3);
  });

  it('asks for a snapshot again when a patch was missed, and for one only', async () => {
    const main = fakeMain();
    await main.answer(succeeded(snapshot({ version: 1, ranges: [] })));
    main.patch(added(3, '192.0.2.3/32'));
    main.patch(added(4, '192.0.2.4/32'));
    expect(main.asked()).toBe(2);
    expect(main.mirror()?.version).toBe(1);
    await main.answer(succeeded(snapshot({ version: 3, ranges: [] })));
    expect(main.mirror()?.version).toBe(4);
    expect(cidrs(main.mirror())).toEqual(['192.0.2.4/32']);
  });

  it('keeps what it has and tries again when a snapshot fails', async () => {
    vi.useFakeTimers();
    const main = fakeMain();
    await main.answer(failed({ kind: 'internal', message: 'no' }));
    expect(main.fail).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(250);
    expect(main.asked()).toBe(2);
    main.stop();
    vi.useRealTimers();
  });

  it('neither listens nor writes after it was stopped', async () => {
    const main = fakeMain();
    main.stop();
    await main.answer(succeeded(snapshot()));
    expect(main.listening()).toBe(false);
    expect(main.mirror()).toBeNull();
  });
});

describe('a patch', () => {
  it('is next, old, or proof of a gap', () => {
    expect(orderOf({ version: 4 }, { version: 5 })).toBe('next');
    expect(orderOf({ version: 4 }, { version: 4 })).toBe('old');
    expect(orderOf({ version: 4 }, { version: 6 })).toBe('gap');
  });

  it('changes what it names and leaves the identity of everything else', () => {
    const mirror = mirrorOf(snapshot({ reviews: [review()] }));
    const next = applyPatch(mirror, { version: 2, lastSyncAt: null });
    expect(next.lastSyncAt).toBeNull();
    expect(next.ranges).toBe(mirror.ranges);
    expect(next.account).toBe(mirror.account);
    expect(applyPatch(mirror, { version: 2, account: null }).account).toBeNull();
    expect(
      applyPatch(mirror, { version: 2, reviews: { upserted: [], removed: [ulid(200)] } }).reviews.size,
    ).toBe(0);
  });
});

describe('what follows from the mirror', () => {
  it('lists pending reviews, the newest first, and a higher count moves none', () => {
    const older = review({ id: ulid(1), firstAt: minutesAgo(9), lastAt: minutesAgo(0) });
    const newer = review({ id: ulid(2), firstAt: minutesAgo(5), lastAt: minutesAgo(4) });
    const closed = review({ id: ulid(3), status: 'expired' });
    const reviews = new Map([older, newer, closed].map((item) => [item.id, item]));
    expect(pendingReviews(reviews).map(({ id }) => id)).toEqual([newer.id, older.id]);
  });

  it('knows what an access token may do', () => {
    const user = (permissions: ('authorized_ips' | 'api_keys')[]) =>
      account({ me: { ...account().me, role: 'user', permissions } });
    expect(may(account(), 'api_keys')).toBe(true);
    expect(may(user(['authorized_ips']), 'authorized_ips')).toBe(true);
    expect(may(user(['authorized_ips']), 'api_keys')).toBe(false);
    expect(may(null, 'api_keys')).toBe(false);
  });
});
