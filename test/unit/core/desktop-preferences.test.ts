import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DesktopPreferences } from '#electron/core/desktop/desktop-preferences';
import { servesHere } from '#electron/core/desktop/serves-here';
import type { LoginItem, MenuEntry, TrayPresence } from '#electron/core/ports';
import { Settings } from '#electron/core/store/settings';
import type { WordedNotice } from '#electron/core/notices';
import type { Connection, ServiceRef } from '#shared/ipc/connection';
import { language, setLanguage } from '#shared/i18n/language';
import { RecordingLog, RecordingPublisher } from '#test/support/console/fakes';
import { memoryDatabase } from '#test/support/console/memory-store';
import { value } from '#test/support/console/value';

/** A system's list of what starts at login, which may refuse. */
class FakeLoginItem implements LoginItem {
  readonly asked: (readonly [on: boolean, hidden: boolean])[] = [];
  isSupported = true;
  refusal: string | null = null;
  on = false;

  isOn(): boolean {
    return this.on;
  }

  set(on: boolean, hidden: boolean): void {
    if (this.refusal !== null) throw new Error(this.refusal);
    this.asked.push([on, hidden]);
    this.on = on;
  }
}

class FakeMenuEntry implements MenuEntry {
  isSupported = true;
  isToBeOffered = true;
  on = false;

  isOn(): boolean {
    return this.on;
  }

  set(on: boolean): void {
    this.on = on;
  }
}

let settings: Settings;
let menuEntry: FakeMenuEntry;
let loginItem: FakeLoginItem;
let publisher: RecordingPublisher;
let hasTray: boolean;
let systemLanguages: readonly string[];
const tray: TrayPresence = { isShown: () => hasTray, subscribe: () => () => undefined };

const preferences = (): DesktopPreferences =>
  new DesktopPreferences({
    settings,
    loginItem,
    menuEntry,
    tray,
    publisher,
    log: new RecordingLog(),
    systemLanguages,
  });

beforeEach(() => {
  settings = new Settings(memoryDatabase());
  loginItem = new FakeLoginItem();
  menuEntry = new FakeMenuEntry();
  publisher = new RecordingPublisher();
  hasTray = true;
  systemLanguages = ['de-DE', 'en-US'];
});

afterEach(() => setLanguage('en'));

describe('how the console behaves on the desktop', () => {
  it('begins in the tray but not at login', () => {
    expect(preferences().state()).toEqual({
      settings: {
        startAtLogin: false,
        startHidden: true,
        closeToTray: true,
        menuEntry: false,
        language: 'system',
      },
      hasTray: true,
      canStartAtLogin: true,
      canHaveMenuEntry: true,
      language: 'en',
    });
  });

  it('changes what is named, for the next start too, and tells the windows', () => {
    const changed = value(preferences().change({ closeToTray: false }));
    expect(changed.settings).toMatchObject({ startAtLogin: false, startHidden: true, closeToTray: false });
    expect(publisher.payloads('desktop.changed')).toEqual([changed]);
    expect(preferences().state()).toEqual(changed);
    expect(loginItem.asked).toEqual([]);
  });

  it('speaks the first of the system’s languages that it knows, or the one that a person chose', () => {
    systemLanguages = ['de-DE', 'fr-CA', 'en-US'];
    expect(preferences().state().language).toBe('fr');
    expect(value(preferences().change({ language: 'en' })).language).toBe('en');
    expect([language(), preferences().state().language]).toEqual(['en', 'en']);
    expect(value(preferences().change({ language: 'system' })).language).toBe('fr');
  });

  it('keeps what an earlier version wrote, which knew no languages', () => {
    settings.write('desktop', { startHidden: false, closeToTray: false });
    expect(preferences().state().settings).toMatchObject({ startHidden: false, language: 'system' });
  });

  it('puts the app on the system’s list, and changes it there when only the window is at stake', () => {
    value(preferences().change({ startAtLogin: true }));
    value(preferences().change({ startHidden: false }));
    value(preferences().change({ startAtLogin: false }));
    expect(loginItem.asked).toEqual([
      [true, true],
      [true, false],
      [false, false],
    ]);
  });

  it('shows what the system says, where a person may have changed it', () => {
    value(preferences().change({ startAtLogin: true }));
    loginItem.on = false;
    expect(preferences().state().settings.startAtLogin).toBe(false);
    value(preferences().change({ startHidden: false }));
    expect(loginItem.on).toBe(false);
  });

  it('changes nothing when the system refuses, and says why', () => {
    loginItem.refusal = 'EACCES: permission denied';
    expect(preferences().change({ startAtLogin: true, closeToTray: false })).toMatchObject({
      ok: false,
      failure: {
        kind: 'invalid',
        code: 'login_item_refused',
        field: 'startAtLogin',
        message: loginItem.refusal,
      },
    });
    expect(preferences().state().settings).toMatchObject({
      startAtLogin: false,
      startHidden: true,
      closeToTray: true,
    });
    expect(publisher.events).toEqual([]);
  });

  it('does not start at login where that cannot be', () => {
    loginItem.isSupported = false;
    loginItem.on = true;
    const { settings: shown, canStartAtLogin } = preferences().state();
    expect([shown.startAtLogin, canStartAtLogin]).toEqual([false, false]);
    expect(preferences().change({ startAtLogin: true }).ok).toBe(false);
    expect(preferences().change({ startAtLogin: false }).ok).toBe(true);
    expect(loginItem.asked).toEqual([]);
  });

  it('takes what it cannot read for what it is at first', () => {
    settings.write('desktop', { startHidden: 'yes' });
    expect(preferences().state().settings).toMatchObject({
      startAtLogin: false,
      startHidden: true,
      closeToTray: true,
    });
  });

  it('asks once whether it is to be in the menu of the desktop', () => {
    const notices: WordedNotice[] = [];
    const offer = (): void => preferences().offerMenuEntry({ add: (notice) => notices.push(notice) });
    offer();
    expect(notices).toMatchObject([{ action: 'add_to_menu' }]);
    offer();
    expect(notices).toHaveLength(1);
    expect(value(preferences().change({ menuEntry: true })).settings.menuEntry).toBe(true);
    expect(value(preferences().change({ menuEntry: false })).settings.menuEntry).toBe(false);
  });

  it('does not ask where it is in the menu already, or cannot be', () => {
    const notices: WordedNotice[] = [];
    menuEntry.on = true;
    preferences().offerMenuEntry({ add: (notice) => notices.push(notice) });
    menuEntry.on = false;
    menuEntry.isToBeOffered = false;
    preferences().offerMenuEntry({ add: (notice) => notices.push(notice) });
    expect(notices).toEqual([]);
  });

  it('says why the menu does not take it', () => {
    menuEntry.set = () => {
      throw new Error('EACCES: permission denied.');
    };
    expect(preferences().change({ menuEntry: true })).toMatchObject({
      ok: false,
      failure: { field: 'menuEntry', message: 'EACCES: permission denied.' },
    });
  });

  it.each([
    [true, true, true],
    [true, false, false],
    [false, true, false],
  ])('stays without a window only in a tray: tray %s, wished %s, stays %s', (tray, wished, stays) => {
    hasTray = tray;
    value(preferences().change({ closeToTray: wished }));
    expect(preferences().staysInTray()).toBe(stays);
  });
});

describe('whether a service ends with the console', () => {
  const here: ServiceRef = { kind: 'embedded', url: 'http://127.0.0.1:8787' };
  const elsewhere: ServiceRef = { kind: 'remote', url: 'https://gate.example' };
  const since = '2026-01-15T12:00:00.000Z';

  it.each<[Connection, boolean]>([
    [{ kind: 'none' }, false],
    [{ kind: 'connecting', service: here }, true],
    [{ kind: 'online', service: here, since }, true],
    [{ kind: 'online', service: elsewhere, since }, false],
    // It is being started again.
    [{ kind: 'unreachable', service: here, since, message: '' }, true],
    [{ kind: 'unreachable', service: elsewhere, since, message: '' }, false],
    [{ kind: 'failed', service: here, message: '' }, false],
  ])('%o: %s', (connection, ends) => {
    expect(servesHere(connection)).toBe(ends);
  });
});
