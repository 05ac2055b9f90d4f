import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { Announcement, AnnouncementEvent } from '#electron/core/ports';
import { ElectronPresenter } from '#electron/platform/notifications/electron-presenter';
import { makeAnnouncement } from '#test/support/console/builders';
import { RecordingLog } from '#test/support/console/fakes';

import { FakeNotification } from './fake-notification';

vi.mock('electron', async () => ({ Notification: (await import('./fake-notification')).FakeNotification }));

const announcement = (changes: Partial<Announcement> = {}): Announcement =>
  makeAnnouncement({ urgency: 'critical', ...changes });

const world = (
  platform: NodeJS.Platform,
): { presenter: ElectronPresenter; events: AnnouncementEvent[]; log: RecordingLog } => {
  const log = new RecordingLog();
  const presenter = new ElectronPresenter(platform, log);
  const events: AnnouncementEvent[] = [];
  presenter.subscribe((event) => events.push(event));
  return { presenter, events, log };
};

const made = (index = 0): FakeNotification => {
  const notification = FakeNotification.made[index];
  if (notification === undefined) throw new Error(`There is no notification ${index}.`);
  return notification;
};

beforeEach(() => FakeNotification.reset());

describe.each(['darwin', 'win32', 'linux'] as const)('notifications through Electron on %s', (platform) => {
  it('shows what it is given', () => {
    world(platform).presenter.show('q1', announcement());
    expect(made()).toMatchObject({
      id: 'q1',
      groupId: 'reviews',
      title: 'Blocked: 203.0.113.9',
      body: 'Key “shop”',
      urgency: 'critical',
      timeoutType: 'never',
      isOnScreen: true,
    });
  });

  it('says what a click is for, and lets no text of a stranger turn what follows', () => {
    const { presenter } = world(platform);
    presenter.show('q1', announcement({ title: 'a\u202eb', body: 'Net\u2067work\u200f', click: 'decide' }));
    expect(made()).toMatchObject({ title: 'ab', body: 'Network\nClick to decide.' });
  });

  it('tells a click once, and takes it off the screen', () => {
    const { presenter, events } = world(platform);
    presenter.show('q1', announcement());
    made().emit('click', {});
    made().emit('click', {});
    expect(events).toEqual([{ kind: 'clicked', id: 'q1' }]);
    expect(made().isOnScreen).toBe(false);
  });

  it('tells that one was put away', () => {
    const { presenter, events } = world(platform);
    presenter.show('q1', announcement());
    made().emit('close', { reason: 'userCanceled' });
    expect(events).toEqual([{ kind: 'closed', id: 'q1', by: 'person' }]);
  });

  it('withdraws without telling', () => {
    const { presenter, events } = world(platform);
    presenter.show('q1', announcement());
    presenter.withdraw('q1');
    presenter.withdraw('never shown');
    expect(made().isOnScreen).toBe(false);
    expect(events).toEqual([]);
  });

  it('updates one in its place, without telling that it closed', () => {
    const { presenter, events } = world(platform);
    presenter.show('q1', announcement());
    expect(made().silent).toBe(false);
    presenter.show('q1', announcement({ body: '2 calls', stays: false, urgency: 'low' }));
    expect(FakeNotification.made).toHaveLength(1);
    expect(made()).toMatchObject({ body: '2 calls', timeoutType: 'default', urgency: 'low', timesShown: 2 });
    // What only changes has been heard already.
    expect(made().silent).toBe(true);
    expect(events).toEqual([]);
    made().emit('close', {});
    expect(events).toEqual([{ kind: 'closed', id: 'q1', by: 'person' }]);
  });

  it('tells when one could not be shown, after `show` has returned', async () => {
    const { presenter, events, log } = world(platform);
    presenter.show('q1', announcement());
    made().emit('failed', {}, 'not signed');
    presenter.show('x'.repeat(65), announcement());
    expect(events).toEqual([]);
    await Promise.resolve();
    expect(events).toEqual([
      { kind: 'closed', id: 'q1', by: 'desktop' },
      { kind: 'closed', id: 'x'.repeat(65), by: 'desktop' },
    ]);
    expect(log.lines.map(({ event }) => event)).toEqual(['notifications.refused', 'notifications.refused']);
  });

  it('shows one again after its end as a new one', () => {
    const { presenter, events } = world(platform);
    presenter.show('q1', announcement());
    made().emit('click', {});
    presenter.show('q1', announcement());
    made(0).emit('close', {});
    expect(made(1).isOnScreen).toBe(true);
    expect(events).toEqual([{ kind: 'clicked', id: 'q1' }]);
  });
});

describe('buttons through Electron', () => {
  const labels = (): string[] => made().actions.map(({ text }) => text);

  it('are there on macOS', () => {
    const { presenter, events } = world('darwin');
    presenter.show('q1', announcement());
    expect(presenter.hasButtons()).toBe(true);
    expect(labels()).toEqual(['Authorize for 1 hour', 'Deny']);
    made().emit('action', { actionIndex: 1 }, 1);
    expect(events).toEqual([{ kind: 'pressed', id: 'q1', button: 'deny' }]);
  });

  it('are told by their place in an older version', () => {
    const { presenter, events } = world('darwin');
    presenter.show('q1', announcement());
    made().emit('action', {}, 0);
    expect(events).toEqual([{ kind: 'pressed', id: 'q1', button: 'authorize' }]);
  });

  it('are those of the update', () => {
    const { presenter, events } = world('darwin');
    presenter.show('q1', announcement());
    presenter.show('q1', announcement({ buttons: [{ id: 'undo', label: 'Undo' }] }));
    expect(labels()).toEqual(['Undo']);
    made().emit('action', { actionIndex: 0 }, 0);
    expect(events).toEqual([{ kind: 'pressed', id: 'q1', button: 'undo' }]);
  });

  it.each(['linux', 'win32'] as const)('are not there on %s without activation', (platform) => {
    const { presenter } = world(platform);
    presenter.show('q1', announcement());
    expect(presenter.hasButtons()).toBe(false);
    expect(made()).toMatchObject({ actions: [], toastXml: undefined });
  });
});

describe('notifications on Windows', () => {
  /** Where Electron hands over what a person did, also before this run. */
  let activate: (type: string, args: string) => void;

  beforeEach(() => {
    activate = () => {
      throw new Error('Nobody listens.');
    };
    FakeNotification.handleActivation = (callback) => {
      activate = (type, args) => callback({ type, arguments: args });
    };
  });

  /** The arguments that Windows would hand over for the click, and for each button. */
  const argumentsIn = (xml: string | undefined): string[] =>
    [...(xml ?? '').matchAll(/(?:launch|arguments)="([^"]*)"/g)].map(([, args]) =>
      (args ?? '').replaceAll('&amp;', '&'),
    );

  it('have buttons, and a toast that carries what is needed after a restart', () => {
    const { presenter } = world('win32');
    presenter.show('q1', announcement());
    expect(presenter.hasButtons()).toBe(true);
    expect(argumentsIn(made().toastXml)).toEqual([
      expect.stringMatching(/^type=click&tag=q1&showing=[\w-]+$/),
      expect.stringMatching(/^type=action&action=0&tag=q1&showing=[\w-]+&button=authorize$/),
      expect.stringMatching(/^type=action&action=1&tag=q1&showing=[\w-]+&button=deny$/),
      'dismiss',
    ]);
  });

  it('tell what was pressed when the app starts because of it', () => {
    world('win32').presenter.show('q1', announcement());
    const [click = '', , deny = ''] = argumentsIn(made().toastXml);
    const { events } = world('win32');
    activate('action', deny);
    activate('action', deny);
    expect(events).toEqual([{ kind: 'pressed', id: 'q1', button: 'deny' }]);
    const next = world('win32');
    activate('click', click);
    expect(next.events).toEqual([{ kind: 'clicked', id: 'q1' }]);
  });

  it('are heard once, though Electron tells twice', () => {
    const { presenter, events } = world('win32');
    presenter.show('q1', announcement());
    presenter.show('q2', announcement());
    const [, authorize = ''] = argumentsIn(made(0).toastXml);
    const [, , deny = ''] = argumentsIn(made(1).toastXml);
    made(0).emit('action', { actionIndex: 0 }, 0);
    activate('action', authorize);
    activate('action', deny);
    made(1).emit('action', { actionIndex: 1 }, 1);
    expect(events).toEqual([
      { kind: 'pressed', id: 'q1', button: 'authorize' },
      { kind: 'pressed', id: 'q2', button: 'deny' },
    ]);
    expect(made(1).isOnScreen).toBe(false);
  });

  it('do not take a late word about one that is gone for one about its successor', () => {
    const { presenter, events } = world('win32');
    presenter.show('q1', announcement());
    const [click = ''] = argumentsIn(made().toastXml);
    made().emit('click', {});
    presenter.show('q1', announcement());
    activate('click', click);
    expect(events).toEqual([{ kind: 'clicked', id: 'q1' }]);
    expect(made(1).isOnScreen).toBe(true);
  });

  it('are remembered after their end, the last thousand of them', () => {
    const { presenter, events } = world('win32');
    for (let index = 0; index <= 1_000; index += 1) {
      presenter.show('q1', announcement());
      made(index).emit('click', {});
    }
    events.length = 0;
    activate('click', argumentsIn(made(1).toastXml)[0] ?? '');
    expect(events).toEqual([]);
    activate('click', argumentsIn(made(0).toastXml)[0] ?? '');
    expect(events).toEqual([{ kind: 'clicked', id: 'q1' }]);
  });

  it('ignore what is not theirs', () => {
    const { events } = world('win32');
    activate('click', '');
    activate('click', 'type=click&tag=1234567');
    expect(events).toEqual([]);
  });

  it('stay answerable when they move to the Action Center', () => {
    const { presenter, events } = world('win32');
    presenter.show('q1', announcement());
    made().emit('close', { reason: 'timedOut' });
    expect(events).toEqual([]);
    activate('action', argumentsIn(made().toastXml)[2] ?? '');
    expect(events).toEqual([{ kind: 'pressed', id: 'q1', button: 'deny' }]);
  });
});

describe('notifications of an earlier run on macOS', () => {
  let history: FakeNotification[];
  let removed: string[];

  beforeEach(() => {
    history = [];
    removed = [];
    FakeNotification.getHistory = () => Promise.resolve(history);
    FakeNotification.remove = (id) => void removed.push(id);
  });

  const earlier = (id: string): FakeNotification => {
    const notification = new FakeNotification({ id });
    notification.isOnScreen = true;
    history.push(notification);
    FakeNotification.made = [];
    return notification;
  };

  it('can be clicked and put away', async () => {
    const [first, second] = [earlier('q1'), earlier('q2')];
    const { events } = world('darwin');
    await FakeNotification.getHistory?.();
    first.emit('click', {});
    second.emit('close', {});
    expect(events).toEqual([
      { kind: 'clicked', id: 'q1' },
      { kind: 'closed', id: 'q2', by: 'person' },
    ]);
  });

  it('are opened when a button is pressed, because which one is not known', async () => {
    const first = earlier('q1');
    const { events } = world('darwin');
    await FakeNotification.getHistory?.();
    first.emit('action', { actionIndex: 0 }, 0);
    expect(events).toEqual([{ kind: 'clicked', id: 'q1' }]);
  });

  it('are withdrawn, also before it is known that they are there', async () => {
    const first = earlier('q1');
    const { presenter, events } = world('darwin');
    presenter.withdraw('q2');
    expect(removed).toEqual(['q2']);
    await FakeNotification.getHistory?.();
    presenter.withdraw('q1');
    expect(first.isOnScreen).toBe(false);
    expect(events).toEqual([]);
  });

  it('give way to one of this run', async () => {
    const first = earlier('q1');
    const second = earlier('q2');
    const { presenter, events } = world('darwin');
    presenter.show('q1', announcement());
    await FakeNotification.getHistory?.();
    presenter.show('q2', announcement());
    first.emit('click', {});
    second.emit('click', {});
    expect(events).toEqual([]);
    made(0).emit('action', { actionIndex: 1 }, 1);
    made(1).emit('action', { actionIndex: 1 }, 1);
    expect(events).toEqual([
      { kind: 'pressed', id: 'q1', button: 'deny' },
      { kind: 'pressed', id: 'q2', button: 'deny' },
    ]);
  });

  it('are done without when the system does not tell', async () => {
    FakeNotification.getHistory = () => Promise.reject(new Error('no'));
    const { presenter, log } = world('darwin');
    await vi.waitFor(() => expect(log.lines.map(({ event }) => event)).toEqual(['notifications.no_history']));
    presenter.show('q1', announcement());
    expect(made().isOnScreen).toBe(true);
  });
});
