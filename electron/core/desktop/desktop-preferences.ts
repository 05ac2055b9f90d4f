import { z } from 'zod';
import { chosenLanguage, language, setLanguage } from '#shared/i18n/language';
import { type DesktopSettings, desktopSettingsSchema, type DesktopState } from '#shared/ipc/desktop';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import type { Notices } from '../notices';
import type { Log, LoginItem, MenuEntry, Publisher, TrayPresence } from '../ports';
import type { Settings } from '../store/settings';
import { storageFailureOf } from '../store/storage-failure';
import { messageOf } from '../text';

const SETTING = 'desktop';
const OFFERED_MENU_ENTRY = 'desktop.offeredMenuEntry';

/** The system keeps whether the console starts at login, because a person may change it there too. */
const keptSchema = z.object({
  startHidden: z.boolean(),
  closeToTray: z.boolean(),
  language: desktopSettingsSchema.shape.language.default('system'),
});
type Kept = z.infer<typeof keptSchema>;

const DEFAULTS: Kept = { startHidden: true, closeToTray: true, language: 'system' };

export interface DesktopPreferencesParts {
  readonly settings: Settings;
  readonly loginItem: LoginItem;
  readonly menuEntry: MenuEntry;
  readonly tray: TrayPresence;
  readonly publisher: Publisher;
  readonly log: Log;
  /** The system's languages, in the order of preference. */
  readonly systemLanguages: readonly string[];
}

/** The console's behaviour on this desktop, as a person wants it and as the desktop allows it. */
export class DesktopPreferences {
  readonly #parts: DesktopPreferencesParts;

  constructor(parts: DesktopPreferencesParts) {
    this.#parts = parts;
    this.#speak(this.#kept());
  }

  state(): DesktopState {
    const { loginItem, menuEntry, tray } = this.#parts;
    return {
      settings: {
        startAtLogin: loginItem.isSupported && loginItem.isOn(),
        menuEntry: menuEntry.isSupported && menuEntry.isOn(),
        ...this.#kept(),
      },
      hasTray: tray.isShown(),
      canStartAtLogin: loginItem.isSupported,
      canHaveMenuEntry: menuEntry.isSupported,
      language: language(),
    };
  }

  /** Returns true if a console that loses its last window goes on. */
  staysInTray(): boolean {
    return this.#parts.tray.isShown() && this.#kept().closeToTray;
  }

  /** Changes the given settings and tells the windows. Nothing changes if the system refuses its part. */
  change(changes: {
    readonly [K in keyof DesktopSettings]?: DesktopSettings[K] | undefined;
  }): Outcome<DesktopState> {
    const { settings, loginItem, menuEntry, log } = this.#parts;
    const kept: Kept = {
      startHidden: changes.startHidden ?? this.#kept().startHidden,
      closeToTray: changes.closeToTray ?? this.#kept().closeToTray,
      language: changes.language ?? this.#kept().language,
    };
    const startAtLogin = changes.startAtLogin ?? (loginItem.isSupported && loginItem.isOn());
    try {
      // `startHidden` matters as well, because the system keeps the command line.
      if (changes.startAtLogin !== undefined || startAtLogin)
        this.#setLoginItem(startAtLogin, kept.startHidden);
    } catch (error) {
      const message = messageOf(error);
      log.error('login_item.refused', { message });
      const ofTheDisk = storageFailureOf(error);
      if (ofTheDisk !== undefined) return failed(ofTheDisk);
      return failed({ kind: 'invalid', code: 'login_item_refused', field: 'startAtLogin', message });
    }
    try {
      if (changes.menuEntry !== undefined) menuEntry.set(changes.menuEntry);
    } catch (error) {
      const message = messageOf(error);
      log.error('menu_entry.refused', { message });
      return failed({ kind: 'invalid', code: 'menu_entry_refused', field: 'menuEntry', message });
    }
    settings.write(SETTING, kept);
    this.#speak(kept);
    this.publish();
    return succeeded(this.state());
  }

  /** Asks once whether the console should be in the desktop's menu, if it can be and is not. */
  offerMenuEntry(notices: Pick<Notices, 'add'>): void {
    const { settings, menuEntry } = this.#parts;
    if (!menuEntry.isToBeOffered || menuEntry.isOn()) return;
    if (settings.read(OFFERED_MENU_ENTRY, z.boolean()) === true) return;
    settings.note(OFFERED_MENU_ENTRY, true);
    notices.add({
      id: 'menu-entry',
      severity: 'info',
      words: () => ({ title: t('notices.menuEntryTitle'), message: t('notices.menuEntry') }),
      action: 'add_to_menu',
    });
  }

  publish(): void {
    this.#parts.publisher.publish('desktop', 'changed', this.state());
  }

  #speak(kept: Kept): void {
    setLanguage(chosenLanguage(kept.language, this.#parts.systemLanguages));
  }

  #setLoginItem(on: boolean, hidden: boolean): void {
    const { loginItem } = this.#parts;
    if (loginItem.isSupported) loginItem.set(on, hidden);
    else if (on) throw new Error(t('settings.cannotStartAtLogin'));
  }

  #kept(): Kept {
    return this.#parts.settings.read(SETTING, keptSchema) ?? DEFAULTS;
  }
}
