import { beforeEach, describe, expect, it } from 'vitest';

import { makeAnnouncement as announcement } from '#test/support/console/builders';
import { SOON_MS, useFreedesktopWorld } from '#test/support/desktop/freedesktop-world';
import { CLOSE_REASON } from '#test/support/desktop/notification-server';
import { linuxParts } from '#test/support/desktop/requirements';

describe.skipIf(!linuxParts().ok)('notifications on a freedesktop desktop', () => {
  const world = useFreedesktopWorld((each) => each.startAll());

  it('shows what it is given, with buttons', async () => {
    await world.show('q1', announcement({ urgency: 'critical' }));
    expect(world.server.notifications).toEqual([
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
    await world.show('q1', announcement({ stays: false, urgency: 'low' }));
    expect(world.server.notifications[0]).toMatchObject({ expireTimeoutMs: -1, hints: { urgency: 0 } });
  });

  it('tells a click, and nothing more', async () => {
    await world.server.invokeAction(await world.show('q1', announcement()), 'default');
    await world.server.invokeAction(await world.show('q2', announcement()), 'default');
    await world.told({ kind: 'clicked', id: 'q1' }, { kind: 'clicked', id: 'q2' });
  });

  it('tells which button was pressed', async () => {
    const [first, second] = [await world.show('q1', announcement()), await world.show('q2', announcement())];
    await world.server.invokeAction(second, 'deny');
    await world.server.invokeAction(first, 'authorize');
    await world.told(
      { kind: 'pressed', id: 'q2', button: 'deny' },
      { kind: 'pressed', id: 'q1', button: 'authorize' },
    );
  });

  it('takes an answered one off the screen where the server leaves it there', async () => {
    await world.server.behave({ keepsAfterAction: true });
    const number = await world.show('q1', announcement());
    await world.server.invokeAction(number, 'deny');
    expect((await world.server.waitForClosed(number, SOON_MS)).reason).toBe(CLOSE_REASON.closedByCall);
    await world.told({ kind: 'pressed', id: 'q1', button: 'deny' });
  });

  it('tells what a person put away from what the desktop dropped', async () => {
    const [first, second] = [await world.show('q1', announcement()), await world.show('q2', announcement())];
    await world.server.close(first, CLOSE_REASON.dismissed);
    await world.server.close(second, CLOSE_REASON.expired);
    await world.told({ kind: 'closed', id: 'q1', by: 'person' }, { kind: 'closed', id: 'q2', by: 'desktop' });
  });

  it('tells what a server has no room for, which calls it expired', async () => {
    await world.server.behave({ mostShown: 3 });
    for (const id of ['q1', 'q2', 'q3', 'q4']) await world.show(id, announcement());
    await world.told({ kind: 'closed', id: 'q1', by: 'desktop' });
    expect(world.server.open).toHaveLength(3);
  });

  it('updates one in its place, without a sound', async () => {
    const number = await world.show('q1', announcement());
    await world.show('q1', announcement({ body: '2 calls' }));
    expect(world.server.notifications[0]?.hints).not.toHaveProperty('suppress-sound');
    expect(world.server.notifications[1]).toMatchObject({ id: number, replacesId: number, body: '2 calls' });
    expect(world.server.notifications[1]?.hints).toMatchObject({ 'suppress-sound': true });
    await world.server.invokeAction(number, 'deny');
    await world.told({ kind: 'pressed', id: 'q1', button: 'deny' });
  });

  it('withdraws one without telling', async () => {
    const [first, second] = [await world.show('q1', announcement()), await world.show('q2', announcement())];
    world.presenter.withdraw('q1');
    world.presenter.withdraw('never shown');
    expect((await world.server.waitForClosed(first, SOON_MS)).reason).toBe(CLOSE_REASON.closedByCall);
    expect(world.server.open.map(({ id }) => id)).toEqual([second]);
    await world.server.close(second);
    await world.told({ kind: 'closed', id: 'q2', by: 'person' });
  });

  it('shows one again after it was withdrawn or put away, as a new one', async () => {
    const first = await world.show('q1', announcement());
    world.presenter.withdraw('q1');
    const second = await world.show('q1', announcement());
    await world.server.close(second);
    await world.told({ kind: 'closed', id: 'q1', by: 'person' });
    await world.show('q1', announcement());
    expect(world.server.notifications.map(({ replacesId }) => replacesId)).toEqual([0, 0, 0]);
    expect(world.server.closed.map(({ id }) => id)).toEqual([first, second]);
  });

  describe('while the server has not answered yet', () => {
    beforeEach(async () => {
      await world.server.behave({ holdsAnswers: true });
    });

    it('withdraws as soon as it can', async () => {
      const number = await world.show('q1', announcement());
      world.presenter.withdraw('q1');
      await world.server.behave({ holdsAnswers: false });
      expect((await world.server.waitForClosed(number, SOON_MS)).reason).toBe(CLOSE_REASON.closedByCall);
      expect(world.server.open).toEqual([]);
      expect(world.events).toEqual([]);
    });

    it('updates to the latest only', async () => {
      const number = await world.show('q1', announcement());
      for (const body of ['2 calls', '3 calls', '4 calls'])
        world.presenter.show('q1', announcement({ body }));
      await world.server.behave({ holdsAnswers: false });
      expect(await world.nextAfter(1)).toMatchObject({ replacesId: number, body: '4 calls' });
      // Whatever else there was would have come before this one.
      await world.show('q2', announcement());
      expect(world.server.notifications).toHaveLength(3);
    });

    it('keeps one that was withdrawn and is wanted again', async () => {
      const number = await world.show('q1', announcement());
      world.presenter.withdraw('q1');
      world.presenter.show('q1', announcement({ body: 'again' }));
      await world.server.behave({ holdsAnswers: false });
      await world.nextAfter(1);
      expect(world.server.open).toEqual([expect.objectContaining({ id: number, body: 'again' })]);
      expect(world.server.closed).toEqual([]);
    });

    it('does not bring back one that was put away while it was updated', async () => {
      await world.server.behave({ holdsAnswers: false });
      const number = await world.show('q1', announcement());
      await world.server.behave({ holdsAnswers: true });
      await world.show('q1', announcement({ body: '2 calls' }));
      await world.server.close(number);
      await world.told({ kind: 'closed', id: 'q1', by: 'person' });
      await world.server.behave({ holdsAnswers: false });
      await world.show('q2', announcement());
      expect(world.server.open).toEqual([
        expect.objectContaining({ summary: 'Blocked: 203.0.113.9', replacesId: 0 }),
      ]);
      expect(world.events).toHaveLength(1);
    });
  });

  it('tells nothing of one that was withdrawn while it was updated', async () => {
    const number = await world.show('q1', announcement());
    await world.server.behave({ holdsAnswers: true });
    await world.show('q1', announcement({ body: '2 calls' }));
    world.presenter.withdraw('q1');
    await world.server.invokeAction(number, 'deny');
    await world.server.behave({ holdsAnswers: false });
    await world.server.invokeAction(await world.show('q2', announcement()), 'default');
    await world.told({ kind: 'clicked', id: 'q2' });
  });

  it('believes only the server, and only about its own notifications', async () => {
    const mine = await world.show('q1', announcement());
    const { sender } = world.server.notifications[0] ?? { sender: '' };
    await world.forgeSignal(sender, 'ActionInvoked', 'us', [mine, 'authorize']);
    await world.forgeSignal(sender, 'NotificationClosed', 'uu', [mine, CLOSE_REASON.dismissed]);
    const theirs = await world.showOfAnotherProgram();
    await world.server.invokeAction(theirs, 'default');
    await world.server.invokeAction(mine, 'deny');
    await world.told({ kind: 'pressed', id: 'q1', button: 'deny' });
  });

  it('tells when the server does not take one', async () => {
    await world.server.behave({ refuses: true });
    world.presenter.show('q1', announcement());
    await world.told({ kind: 'closed', id: 'q1', by: 'desktop' });
    expect(world.warnings).toEqual(['notifications.refused']);
    await world.server.behave({ refuses: false });
    await world.show('q1', announcement());
  });

  it('leaves the one before on the screen when an update is not taken', async () => {
    const number = await world.show('q1', announcement());
    await world.server.behave({ refuses: true });
    world.presenter.show('q1', announcement({ body: '2 calls' }));
    await expect.poll(() => world.warnings, { timeout: SOON_MS }).toEqual(['notifications.refused']);
    expect(world.events).toEqual([]);
    world.presenter.withdraw('q1');
    await world.server.waitForClosed(number, SOON_MS);
  });

  it('shows text that is not fit to be shown', async () => {
    await world.show('q1', announcement({ title: 'a\u0000b\u001b[31m', body: 'line\nline \uD800' }));
    expect(world.server.notifications[0]).toMatchObject({ summary: 'ab[31m', body: 'line\nline \uFFFD' });
  });

  it('keeps markup out of the text where the server would take it for markup', async () => {
    const body = '<b>AS64500</b> & "Sons"';
    await world.show('q1', announcement({ body }));
    expect(world.server.notifications[0]?.body).toBe(body);
    await world.startServer({ capabilities: ['body', 'body-markup'] });
    expect((await world.nextAfter(0)).body).toBe('&lt;b&gt;AS64500&lt;/b&gt; &amp; &quot;Sons&quot;');
  });

  it('sends no buttons to a server that has none', async () => {
    await world.startServer({ capabilities: ['body'] });
    await world.show('q1', announcement());
    expect(world.server.notifications[0]?.actions).toEqual([]);
    expect(world.presenter.hasButtons()).toBe(false);
  });
});
