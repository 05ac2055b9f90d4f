import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Announcement } from '#electron/core/ports';
import { FreedesktopWorld } from '#test/support/desktop/freedesktop-world';
import { CLOSE_REASON } from '#test/support/desktop/notification-server';
import type { NotificationServer } from '#test/support/desktop/notification-server';
import { linuxParts } from '#test/support/desktop/requirements';
import { waitFor } from '#test/support/wait-for';

const SOON_MS = 5_000;

const question = (changes: Partial<Announcement> = {}): Announcement => ({
  title: 'Blocked: 203.0.113.9',
  body: 'Key “shop”',
  buttons: [
    { id: 'authorize', label: 'Authorize for 1 hour' },
    { id: 'deny', label: 'Deny' },
  ],
  urgency: 'normal',
  group: 'reviews',
  stays: true,
  ...changes,
});

describe.skipIf(!linuxParts().ok)('notifications on a freedesktop desktop', () => {
  let world: FreedesktopWorld;
  let server: NotificationServer;

  beforeEach(async () => {
    world = new FreedesktopWorld();
    await world.startBus();
    server = await world.startServer();
    world.startPresenter();
  });
  afterEach(async () => {
    await world.stop();
  });

  const show = async (id: string, announcement: Announcement): Promise<number> => {
    const alreadyShown = server.notifications.length;
    world.presenter.show(id, announcement);
    return (await nextAfter(alreadyShown)).id;
  };
  const nextAfter = (count: number): Promise<NotificationServer['notifications'][number]> =>
    waitFor('another notification', () => server.notifications[count], SOON_MS);
  const told = (...events: FreedesktopWorld['events']): Promise<unknown> =>
    expect.poll(() => world.events, { timeout: SOON_MS }).toEqual(events);

  it('shows what it is given, with buttons', async () => {
    await show('q1', question({ urgency: 'critical' }));
    expect(server.notifications).toEqual([
      expect.objectContaining({
        appName: 'Gatehouse',
        replacesId: 0,
        summary: 'Blocked: 203.0.113.9',
        body: 'Key “shop”',
        actions: [
          { key: 'default', label: 'Open' },
          { key: 'authorize', label: 'Authorize for 1 hour' },
          { key: 'deny', label: 'Deny' },
        ],
        hints: { urgency: 2, 'desktop-entry': 'gatehouse', category: 'network' },
        expireTimeoutMs: 0,
      }),
    ]);
    expect(world.presenter.hasButtons()).toBe(true);
    expect(world.presenter.isSupported()).toBe(true);
  });

  it('lets the server decide how long one stays that need not', async () => {
    await show('q1', question({ stays: false, urgency: 'low' }));
    expect(server.notifications[0]).toMatchObject({ expireTimeoutMs: -1, hints: { urgency: 0 } });
  });

  it('tells a click, and nothing more', async () => {
    await server.invokeAction(await show('q1', question()), 'default');
    await server.invokeAction(await show('q2', question()), 'default');
    await told({ kind: 'clicked', id: 'q1' }, { kind: 'clicked', id: 'q2' });
  });

  it('tells which button was pressed', async () => {
    const [first, second] = [await show('q1', question()), await show('q2', question())];
    await server.invokeAction(second, 'deny');
    await server.invokeAction(first, 'authorize');
    await told(
      { kind: 'pressed', id: 'q2', button: 'deny' },
      { kind: 'pressed', id: 'q1', button: 'authorize' },
    );
  });

  it('takes an answered one off the screen where the server leaves it there', async () => {
    await server.behave({ keepsAfterAction: true });
    const number = await show('q1', question());
    await server.invokeAction(number, 'deny');
    expect((await server.waitForClosed(number, SOON_MS)).reason).toBe(CLOSE_REASON.closedByCall);
    await told({ kind: 'pressed', id: 'q1', button: 'deny' });
  });

  it('tells when one is put away, or goes by itself', async () => {
    const [first, second] = [await show('q1', question()), await show('q2', question())];
    await server.close(first, CLOSE_REASON.dismissed);
    await server.close(second, CLOSE_REASON.expired);
    await told({ kind: 'closed', id: 'q1' }, { kind: 'closed', id: 'q2' });
  });

  it('updates one in its place, without a sound', async () => {
    const number = await show('q1', question());
    await show('q1', question({ body: '2 calls' }));
    expect(server.notifications[0]?.hints).not.toHaveProperty('suppress-sound');
    expect(server.notifications[1]).toMatchObject({ id: number, replacesId: number, body: '2 calls' });
    expect(server.notifications[1]?.hints).toMatchObject({ 'suppress-sound': true });
    await server.invokeAction(number, 'deny');
    await told({ kind: 'pressed', id: 'q1', button: 'deny' });
  });

  it('withdraws one without telling', async () => {
    const [first, second] = [await show('q1', question()), await show('q2', question())];
    world.presenter.withdraw('q1');
    world.presenter.withdraw('never shown');
    expect((await server.waitForClosed(first, SOON_MS)).reason).toBe(CLOSE_REASON.closedByCall);
    expect(server.open.map(({ id }) => id)).toEqual([second]);
    await server.close(second);
    await told({ kind: 'closed', id: 'q2' });
  });

  it('shows one again after it was withdrawn or put away, as a new one', async () => {
    const first = await show('q1', question());
    world.presenter.withdraw('q1');
    const second = await show('q1', question());
    await server.close(second);
    await told({ kind: 'closed', id: 'q1' });
    await show('q1', question());
    expect(server.notifications.map(({ replacesId }) => replacesId)).toEqual([0, 0, 0]);
    expect(server.closed.map(({ id }) => id)).toEqual([first, second]);
  });

  describe('while the server has not answered yet', () => {
    beforeEach(async () => {
      await server.behave({ holdsAnswers: true });
    });

    it('withdraws as soon as it can', async () => {
      const number = await show('q1', question());
      world.presenter.withdraw('q1');
      await server.behave({ holdsAnswers: false });
      expect((await server.waitForClosed(number, SOON_MS)).reason).toBe(CLOSE_REASON.closedByCall);
      expect(server.open).toEqual([]);
      expect(world.events).toEqual([]);
    });

    it('updates to the latest only', async () => {
      const number = await show('q1', question());
      for (const body of ['2 calls', '3 calls', '4 calls']) world.presenter.show('q1', question({ body }));
      await server.behave({ holdsAnswers: false });
      expect(await nextAfter(1)).toMatchObject({ replacesId: number, body: '4 calls' });
      // Whatever else there was would have come before this one.
      await show('q2', question());
      expect(server.notifications).toHaveLength(3);
    });

    it('keeps one that was withdrawn and is wanted again', async () => {
      const number = await show('q1', question());
      world.presenter.withdraw('q1');
      world.presenter.show('q1', question({ body: 'again' }));
      await server.behave({ holdsAnswers: false });
      await nextAfter(1);
      expect(server.open).toEqual([expect.objectContaining({ id: number, body: 'again' })]);
      expect(server.closed).toEqual([]);
    });

    it('does not bring back one that was put away while it was updated', async () => {
      await server.behave({ holdsAnswers: false });
      const number = await show('q1', question());
      await server.behave({ holdsAnswers: true });
      await show('q1', question({ body: '2 calls' }));
      await server.close(number);
      await told({ kind: 'closed', id: 'q1' });
      await server.behave({ holdsAnswers: false });
      await show('q2', question());
      expect(server.open).toEqual([
        expect.objectContaining({ summary: 'Blocked: 203.0.113.9', replacesId: 0 }),
      ]);
      expect(world.events).toHaveLength(1);
    });
  });

  it('tells nothing of one that was withdrawn while it was updated', async () => {
    const number = await show('q1', question());
    await server.behave({ holdsAnswers: true });
    await show('q1', question({ body: '2 calls' }));
    world.presenter.withdraw('q1');
    await server.invokeAction(number, 'deny');
    await server.behave({ holdsAnswers: false });
    await server.invokeAction(await show('q2', question()), 'default');
    await told({ kind: 'clicked', id: 'q2' });
  });

  it('believes only the server, and only about its own notifications', async () => {
    const mine = await show('q1', question());
    const { sender } = server.notifications[0] ?? { sender: '' };
    await world.forgeSignal(sender, 'ActionInvoked', 'us', [mine, 'authorize']);
    await world.forgeSignal(sender, 'NotificationClosed', 'uu', [mine, CLOSE_REASON.dismissed]);
    const theirs = await world.showOfAnotherProgram();
    await server.invokeAction(theirs, 'default');
    await server.invokeAction(mine, 'deny');
    await told({ kind: 'pressed', id: 'q1', button: 'deny' });
  });

  it('tells when the server does not take one', async () => {
    await server.behave({ refuses: true });
    world.presenter.show('q1', question());
    await told({ kind: 'closed', id: 'q1' });
    expect(world.warnings).toEqual(['notifications.refused']);
    await server.behave({ refuses: false });
    await show('q1', question());
  });

  it('leaves the one before on the screen when an update is not taken', async () => {
    const number = await show('q1', question());
    await server.behave({ refuses: true });
    world.presenter.show('q1', question({ body: '2 calls' }));
    await expect.poll(() => world.warnings, { timeout: SOON_MS }).toEqual(['notifications.refused']);
    expect(world.events).toEqual([]);
    world.presenter.withdraw('q1');
    await server.waitForClosed(number, SOON_MS);
  });

  it('shows text that is not fit to be shown', async () => {
    await show('q1', question({ title: 'a\u0000b\u001b[31m', body: 'line\nline \uD800' }));
    expect(server.notifications[0]).toMatchObject({ summary: 'ab[31m', body: 'line\nline \uFFFD' });
  });

  it('keeps markup out of the text where the server would take it for markup', async () => {
    const body = '<b>AS64500</b> & "Sons"';
    await show('q1', question({ body }));
    expect(server.notifications[0]?.body).toBe(body);
    server = await world.startServer({ capabilities: ['body', 'body-markup'] });
    expect((await nextAfter(0)).body).toBe('&lt;b&gt;AS64500&lt;/b&gt; &amp; &quot;Sons&quot;');
  });

  it('sends no buttons to a server that has none', async () => {
    server = await world.startServer({ capabilities: ['body'] });
    await show('q1', question());
    expect(server.notifications[0]?.actions).toEqual([]);
    expect(world.presenter.hasButtons()).toBe(false);
  });

  it('shows what is open again when the server has started again', async () => {
    const withdrawn = await show('q1', question());
    await show('q2', question());
    await show('q3', question({ body: 'three' }));
    world.presenter.withdraw('q1');
    await server.waitForClosed(withdrawn, SOON_MS);
    server = await world.startServer();
    await nextAfter(1);
    expect(server.open.map(({ body }) => body)).toEqual(['Key “shop”', 'three']);
    expect(server.notifications.map(({ replacesId }) => replacesId)).toEqual([0, 0]);
    // Its numbers start again, so that 1 is another one than before.
    await server.invokeAction(2, 'deny');
    await server.invokeAction(1, 'default');
    await told({ kind: 'pressed', id: 'q3', button: 'deny' }, { kind: 'clicked', id: 'q2' });
  });

  it('is not held up by an answer that the server took with it', async () => {
    await server.behave({ holdsAnswers: true });
    await show('q1', question());
    await show('q2', question());
    world.presenter.withdraw('q2');
    server = await world.startServer();
    await server.invokeAction((await nextAfter(0)).id, 'deny');
    await told({ kind: 'pressed', id: 'q1', button: 'deny' });
    expect(server.notifications).toHaveLength(1);
  });

  it('leaves a server that hands over to another without an answer', async () => {
    await server.behave({ holdsAnswers: true });
    for (const id of ['q0', 'q1', 'q2']) await show(id, question());
    world.presenter.withdraw('q0');
    const former = server;
    server = await world.replaceServer();
    const first = await nextAfter(0);
    await nextAfter(1);
    // Too late: its numbers, 2 and 3, are not those of the new one.
    await former.behave({ holdsAnswers: false });
    world.presenter.withdraw('q2');
    await server.waitForClosed(2, SOON_MS);
    await server.invokeAction(first.id, 'deny');
    await told({ kind: 'pressed', id: 'q1', button: 'deny' });
  });

  it('outlives the bus, and shows what is open on the next one', async () => {
    await show('q1', question());
    await world.stopServer();
    await world.stopBus();
    await expect.poll(() => world.presenter.isSupported(), { timeout: SOON_MS }).toBe(false);
    expect(world.presenter.hasButtons()).toBe(false);
    world.presenter.show('q2', question({ body: 'two' }));
    await world.startBus();
    server = await world.startServer();
    await nextAfter(1);
    expect(server.open.map(({ body }) => body)).toEqual(['Key “shop”', 'two']);
    expect(world.presenter.isSupported()).toBe(true);
    // However often it tried in between.
    expect(world.warnings).toEqual(['notifications.unsupported']);
    await server.invokeAction(server.notifications[0]?.id ?? 0, 'deny');
    await told({ kind: 'pressed', id: 'q1', button: 'deny' });
  });

  describe('after a crash', () => {
    it('takes back what the run before it left on the screen', async () => {
      const number = await show('q1', question());
      await world.crashPresenter();
      // As a program does that finds out at its start: before it knows of a server.
      world.presenter.withdraw('q1');
      await server.waitForClosed(number, SOON_MS);
      await show('q2', question());
      expect(server.open.map(({ replacesId }) => replacesId)).toEqual([0]);
    });

    it('leaves it where nobody takes it back, and is answered by it', async () => {
      const number = await show('q1', question());
      await world.crashPresenter();
      const other = await show('q2', question());
      expect(server.open.map(({ id }) => id)).toEqual([number, other]);
      await server.invokeAction(number, 'authorize');
      await told({ kind: 'pressed', id: 'q1', button: 'authorize' });
    });

    it('updates it in its place', async () => {
      const number = await show('q1', question());
      await world.crashPresenter();
      expect(await show('q1', question({ body: 'Key “shop” · 2 calls' }))).toBe(number);
    });

    it('means nothing by the numbers of a server that has started again since', async () => {
      await show('q1', question());
      await world.crashPresenter(async () => {
        server = await world.startServer();
      });
      await show('q2', question());
      world.presenter.withdraw('q1');
      await show('q3', question());
      expect(server.open).toHaveLength(2);
      expect(server.closed).toEqual([]);
    });
  });
});

describe.skipIf(!linuxParts().ok)('a freedesktop desktop without a notification server', () => {
  let world: FreedesktopWorld;

  beforeEach(() => {
    world = new FreedesktopWorld();
  });
  afterEach(async () => {
    await world.stop();
  });

  it('is said once to be without, and used as soon as there is one', async () => {
    await world.startBus();
    world.startPresenter();
    expect(world.presenter.isSupported()).toBe(true);
    await expect.poll(() => world.presenter.isSupported(), { timeout: SOON_MS }).toBe(false);
    world.presenter.show('q1', question());
    world.presenter.show('q2', question());
    world.presenter.withdraw('q2');
    const server = await world.startServer();
    await waitFor('the notification', () => server.notifications.length > 0, SOON_MS);
    expect(world.presenter.isSupported()).toBe(true);
    expect(server.notifications).toHaveLength(1);
    expect(world.warnings).toEqual(['notifications.unsupported']);
  });

  it('has one started where the desktop does that on demand', async () => {
    await world.startBus('with a server on demand');
    world.startPresenter();
    const hasServer = (): boolean => world.presenter.hasButtons();
    await expect.poll(hasServer, { timeout: SOON_MS }).toBe(true);
    // Some end by themselves when they have nothing to show.
    await world.endServer();
    await expect.poll(hasServer, { timeout: SOON_MS }).toBe(false);
    world.presenter.show('q1', question());
    await expect.poll(hasServer, { timeout: SOON_MS }).toBe(true);
  });

  it('is tried again and again while there is no bus at all', async () => {
    world.startPresenter();
    await expect.poll(() => world.presenter.isSupported(), { timeout: SOON_MS }).toBe(false);
    expect(world.log.text).toContain('ENOENT');
    await world.startBus();
    await world.startServer();
    await expect.poll(() => world.presenter.hasButtons(), { timeout: SOON_MS }).toBe(true);
  });
});

describe.skipIf(!linuxParts().ok)('do not disturb on a freedesktop desktop', () => {
  let world: FreedesktopWorld;

  beforeEach(async () => {
    world = new FreedesktopWorld();
    await world.startBus();
  });
  afterEach(async () => {
    await world.stop();
  });

  it('is known from the start, followed, and over when the server is gone', async () => {
    const heard: boolean[] = [];
    const server = await world.startServer({ inhibited: true });
    world.quiet.subscribe(() => heard.push(world.quiet.isQuiet()));
    world.startPresenter();
    await expect.poll(() => heard, { timeout: SOON_MS }).toEqual([true]);
    await server.behave({ inhibited: false });
    await expect.poll(() => heard, { timeout: SOON_MS }).toEqual([true, false]);
    await server.behave({ inhibited: true });
    await expect.poll(() => heard, { timeout: SOON_MS }).toEqual([true, false, true]);
    await world.stopServer();
    await expect.poll(() => heard, { timeout: SOON_MS }).toEqual([true, false, true, false]);
  });

  it('is not known where the server does not tell', async () => {
    const server = await world.startServer();
    world.startPresenter();
    world.presenter.show('q1', question());
    await waitFor('the notification', () => server.notifications.length > 0, SOON_MS);
    expect(world.quiet.isQuiet()).toBe(false);
    expect(world.warnings).toEqual([]);
  });
});
