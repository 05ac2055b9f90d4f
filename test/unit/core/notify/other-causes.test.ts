import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/durations';
import { GRACE_MS, SILENCE_MS } from '#electron/core/notify/causes/unreachable';
import { setMode } from '#electron/core/use-cases/set-mode';
import { makeRange, makeSource, newId } from '#test/support/console/builders';
import { useNotificationWorld } from '#test/support/console/notification-world';
import { adding } from '#test/support/console/outbox-builders';

const world = useNotificationWorld();
const BOB = { kind: 'user', id: newId(), name: 'bob@example.com' } as const;
const SYSTEM = { kind: 'system', name: 'system' } as const;

/** Lets a long time pass in the steps in which the time is looked at. */
const passLong = async (ms: number): Promise<void> => {
  for (let left = ms; left > 0; left -= 5 * MINUTE_MS) await world.pass(Math.min(left, 5 * MINUTE_MS));
};

describe('a service that does not answer', () => {
  it('is told after a minute, once, and taken back when it answers', async () => {
    world.baseline();
    world.unreachable();
    await world.pass(SILENCE_MS - 1);
    expect(world.presenter.shown).toEqual([]);
    world.unreachable(world.clock.now() - SILENCE_MS + 1);
    await world.pass(1);
    expect(world.presenter.openTitles).toEqual(['The service does not answer']);
    world.unreachable();
    await world.pass(SILENCE_MS);
    expect(world.presenter.shown).toHaveLength(1);
    world.presenter.click('unreachable');
    expect(world.windows.opened).toEqual(['console']);
    world.online();
    expect(world.presenter.open.size).toBe(0);
    world.unreachable();
    await world.pass(SILENCE_MS);
    expect(world.presenter.shown).toHaveLength(2);
    world.online();
    expect(world.presenter.open.size).toBe(0);
  });

  it('that is back within the minute is not worth a word', async () => {
    world.baseline();
    world.unreachable();
    await world.pass(SILENCE_MS - 1);
    world.online();
    await world.pass(SILENCE_MS);
    expect(world.presenter.shown).toEqual([]);
  });

  it('is given time to be found again by a computer that slept', async () => {
    world.baseline();
    await passLong(8 * HOUR_MS);
    world.unreachable(world.clock.now() - 8 * HOUR_MS);
    expect(world.presenter.shown).toEqual([]);
    await world.pass(GRACE_MS - 1);
    world.online();
    await world.pass(GRACE_MS);
    expect(world.presenter.shown).toEqual([]);
  });

  it('is not told again by a restart in the middle of it', async () => {
    world.baseline();
    world.unreachable();
    await world.pass(SILENCE_MS);
    world.restart();
    world.unreachable(world.clock.now() - SILENCE_MS);
    await passLong(HOUR_MS);
    expect(world.presenter.shown).toEqual([]);
  });

  it('is told after quiet if it still does not answer', async () => {
    world.baseline();
    world.notifications.snooze('hour');
    world.unreachable();
    await world.pass(SILENCE_MS);
    expect(world.presenter.shown).toEqual([]);
    world.notifications.wake();
    expect(world.presenter.openTitles).toEqual(['The service does not answer']);
  });
});

describe('a token that is not accepted any more', () => {
  it('is told at once, once', () => {
    world.baseline();
    world.signedOut();
    world.signedOut();
    expect(world.presenter.shown).toMatchObject([
      {
        title: 'Signed out',
        body: 'The token has expired. Edits are paused until you sign in again.',
      },
    ]);
    world.restart();
    world.signedOut();
    expect(world.presenter.shown).toEqual([]);
    world.online();
    world.signedOut();
    expect(world.presenter.openTitles).toEqual(['Signed out']);
  });
});

describe('edits that wait for a decision', () => {
  let hosts = 0;
  const park = (): string => {
    const { outbox } = world.replica;
    const [id] = outbox?.enqueue([adding({ cidr: `192.0.2.${(hosts += 1)}/32` })], world.clock.now()) ?? [];
    world.answerOperations(() => ({ status: 'rejected', code: 'forbidden', detail: 'No.' }));
    return id ?? '';
  };

  it('are one notification, true to their number, gone with the last', async () => {
    world.baseline();
    const first = park();
    expect(world.presenter.openTitles).toEqual(['A change waits for your decision']);
    const second = park();
    expect(world.presenter.openTitles).toEqual(['2 changes wait for your decision']);
    expect(world.presenter.shown.every(({ id }) => id === 'undecided_operation')).toBe(true);
    world.replica.outbox?.replace(second, [], [], world.clock.now());
    await world.pass(5_000);
    expect(world.presenter.openTitles).toEqual(['A change waits for your decision']);
    world.replica.outbox?.replace(first, [], [], world.clock.now());
    expect(world.presenter.open.size).toBe(0);
  });

  it('are told once each, also over a restart', () => {
    world.baseline();
    park();
    world.presenter.click('undecided_operation');
    expect(world.windows.opened).toEqual(['console pending']);
    world.restart();
    world.baseline();
    expect(world.presenter.shown).toEqual([]);
    park();
    expect(world.presenter.openTitles).toEqual(['2 changes wait for your decision']);
  });
});

describe('a change of the mode', () => {
  it('by somebody else is told, with who, from and to', () => {
    world.baseline();
    world.syncMode('automatic', BOB);
    expect(world.presenter.shown).toMatchObject([
      {
        title: 'Protection is now in automatic mode',
        body: expect.stringMatching(
          /^bob@example\.com changed it from manual mode at \d\d:\d\d\. /,
        ) as string,
        urgency: 'normal',
      },
    ]);
    world.presenter.click('mode_changed');
    expect(world.windows.opened).toEqual(['console protection']);
  });

  it('that deactivates protection is critical and stays', () => {
    world.baseline();
    world.syncMode('deactivated', BOB);
    expect(world.presenter.shown).toMatchObject([
      { title: 'Protection is deactivated', urgency: 'critical', stays: true },
    ]);
    world.syncMode('manual', { kind: 'user', id: world.account.me.userId, name: world.account.me.email });
    expect(world.presenter.open.size).toBe(0);
  });

  it('by e-mail and by the service itself is told as such', () => {
    world.syncAccount({ mode: 'learning' });
    world.syncMode('automatic', SYSTEM);
    world.syncMode('manual', { kind: 'email', name: 'bob@example.com' });
    world.syncMode('automatic', { kind: 'email', name: world.account.me.email });
    expect(world.presenter.shown.map(({ body }) => body)).toEqual([
      expect.stringContaining('Learning ended by itself'),
      expect.stringContaining('bob@example.com (by e-mail) changed it from automatic mode'),
    ]);
  });

  it('of one’s own is not', () => {
    world.baseline();
    setMode({ ...world, newId }, { mode: 'automatic' });
    world.syncMode('automatic', { kind: 'user', id: world.account.me.userId, name: 'owner' });
    expect(world.presenter.shown).toEqual([]);
  });

  it('is not told when it is older than the first connection, nor twice', () => {
    world.syncMode('automatic', BOB);
    expect(world.presenter.shown).toEqual([]);
    world.syncMode('manual', BOB);
    world.restart();
    world.baseline();
    expect(world.presenter.shown).toEqual([]);
  });

  it('while the console was away is told once, as it stands', () => {
    world.baseline();
    world.restart();
    world.syncMode('automatic', BOB);
    expect(world.presenter.openTitles).toEqual(['Protection is now in automatic mode']);
  });

  it('is held back by quiet, and told after it unless it is overtaken', () => {
    world.baseline();
    world.notifications.snooze('hour');
    world.syncMode('deactivated', BOB);
    world.restart();
    world.notifications.wake();
    expect(world.presenter.openTitles).toEqual(['Protection is deactivated']);
    world.notifications.snooze('hour');
    world.syncMode('automatic', BOB);
    world.syncMode('manual', { kind: 'user', id: world.account.me.userId, name: 'owner' });
    world.notifications.wake();
    expect(world.presenter.open.size).toBe(0);
  });
});

describe('the end of learning', () => {
  const learning = (endsInMs: number, windowMs = 30 * DAY_MS): void =>
    world.syncAccount({
      mode: 'learning',
      learning: {
        startedAt: '2026-01-01T00:00:00.000Z',
        lastNewAddressAt: '2026-01-01T00:00:00.000Z',
        windowSeconds: windowMs / 1_000,
        endsAt: new Date(world.clock.now() + endsInMs).toISOString(),
      },
    });

  it('is told a day before, once for each day', async () => {
    world.baseline();
    learning(DAY_MS + HOUR_MS);
    await passLong(HOUR_MS - 1_000);
    expect(world.presenter.shown).toEqual([]);
    await world.pass(1_000);
    expect(world.presenter.shown).toMatchObject([
      { title: expect.stringMatching(/^Learning ends on 16 January at /) as string },
    ]);
    world.presenter.dismiss('learning_ending');
    learning(DAY_MS - MINUTE_MS);
    expect(world.presenter.shown).toHaveLength(1);
    // A new address moves it on.
    learning(2 * DAY_MS);
    await passLong(DAY_MS);
    expect(world.presenter.shown).toHaveLength(2);
  });

  it('is told later where the window is short', async () => {
    world.baseline();
    learning(2 * HOUR_MS, 10 * HOUR_MS);
    await passLong(HOUR_MS - 1_000);
    expect(world.presenter.shown).toEqual([]);
    await world.pass(1_000);
    expect(world.presenter.open.size).toBe(1);
    world.syncAccount({ mode: 'manual', learning: null });
    expect(world.presenter.open.size).toBe(0);
  });

  it('that was near at the first connection is old news', async () => {
    learning(HOUR_MS);
    await passLong(HOUR_MS / 2);
    expect(world.presenter.shown).toEqual([]);
  });
});

describe('a source in trouble', () => {
  const source = makeSource();
  const failing = makeSource({ ...source, status: 'failing' });

  it('is told once until it is well, also over a restart, and leads to the sources', () => {
    world.baseline();
    world.syncSources([failing]);
    expect(world.presenter.openTitles).toEqual(['Partner cannot be read']);
    world.presenter.click('source_trouble');
    expect(world.windows.opened).toEqual(['console sources']);
    world.restart();
    world.syncSources([failing]);
    expect(world.presenter.shown).toEqual([]);
    world.syncSources([source]);
    world.syncSources([failing]);
    expect(world.presenter.openTitles).toEqual(['Partner cannot be read']);
    world.syncSources([source]);
    expect(world.presenter.open.size).toBe(0);
  });

  it('is told in place of what it was in before', async () => {
    world.baseline();
    world.syncSources([failing]);
    world.syncSources([{ ...failing, status: 'shrunk' }]);
    await world.pass(5_000);
    expect(world.presenter.openTitles).toEqual(['Partner became much smaller']);
  });

  it('that was so at the first connection is old news', () => {
    world.syncSources([failing]);
    world.syncSources([failing, makeSource({ label: 'Bots', status: 'failing' })]);
    expect(world.presenter.shown).toMatchObject([{ title: '2 sources of ranges are in trouble' }]);
  });
});

describe('what the trust review lets in', () => {
  const grant = (cidr = '198.51.100.0/24') => makeRange({ cidr, source: 'automatic', createdBy: 'system' });

  it('is not told unless a person wants it', () => {
    world.baseline();
    world.syncRanges([grant()]);
    world.notifications.change({ causes: { grant_added: true } });
    expect(world.presenter.shown).toEqual([]);
    world.syncRanges([grant('192.0.2.0/24')]);
    expect(world.presenter.shown).toMatchObject([
      { title: 'Let in: 192.0.2.0/24', urgency: 'low', buttons: [], stays: false },
    ]);
    world.presenter.click('grant_added');
    expect(world.windows.opened).toEqual(['console ranges']);
  });

  it('is told as a number where it is many, at an interval', async () => {
    world.notifications.change({ causes: { grant_added: true } });
    world.syncRanges([grant()]);
    expect(world.presenter.shown).toEqual([]);
    world.syncRanges([grant(), grant(), makeRange()]);
    for (let round = 0; round < 10; round += 1) world.syncRanges([grant()]);
    expect(world.presenter.openTitles).toEqual(['Let in: 2 ranges']);
    await world.pass(5_000);
    expect(world.presenter.openTitles).toEqual(['Let in: 12 ranges']);
    expect(world.presenter.shown).toHaveLength(2);
    world.restart();
    world.baseline();
    expect(world.presenter.shown).toEqual([]);
  });

  it('is not made up for after quiet', () => {
    world.baseline();
    world.notifications.change({ causes: { grant_added: true } });
    world.notifications.snooze('hour');
    world.syncRanges([grant()]);
    world.notifications.wake();
    expect(world.presenter.shown).toEqual([]);
  });
});
