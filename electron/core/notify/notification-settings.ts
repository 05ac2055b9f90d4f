import type {
  NotificationChanges,
  NotificationPreferences,
  NotificationState,
  Snooze,
} from '#shared/ipc/notifications';
import { t } from '#shared/i18n/t';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import type { Announcement, Clock, DesktopQuiet, Presenter, Publisher } from '../ports';
import type { AccountStore } from '../store/account-store';
import type { Replica } from '../sync/replica';
import { isoOrNull, isoTime } from '../text';
import type { NotificationChoices } from './notification-choices';
import { SAMPLE_ID } from './notification-id';
import { readMutedKeys, writeMutedKeys } from './preferences';
import { type Pauses, quietAt, snoozeEndMs } from './quiet';

/** Returns the notification with which a person tests whether notifications work. */
function sample(): Announcement {
  return {
    title: t('notify.sample'),
    body: t('notify.sampleWhy'),
    buttons: [],
    urgency: 'normal',
    group: 'sample',
    stays: false,
  };
}

export interface NotificationSettingsParts {
  readonly choices: NotificationChoices;
  readonly replica: Replica;
  readonly presenter: Presenter;
  readonly quiet: DesktopQuiet;
  readonly clock: Clock;
  readonly publisher: Publisher;
}

/** A person's choices about the notifications of one account, and what the windows show of them. */
export class NotificationSettings {
  readonly #parts: NotificationSettingsParts;
  readonly #listeners = new Set<() => void>();
  readonly #unsubscribe: () => void;
  #muted: { readonly store: AccountStore; readonly keyIds: ReadonlySet<string> } | null = null;
  #told: string;

  constructor(parts: NotificationSettingsParts) {
    this.#parts = parts;
    this.#told = JSON.stringify(this.state());
    this.#unsubscribe = parts.choices.subscribe(() => this.refresh());
  }

  /** Calls the listener when the state has changed, by a person or by time. Returns the function that ends this. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get preferences(): NotificationPreferences {
    return this.#parts.choices.preferences;
  }

  get pauses(): Pauses {
    const { choices, quiet } = this.#parts;
    return {
      preferences: choices.preferences,
      snoozedUntilMs: choices.snoozedUntilMs,
      isDesktopQuiet: quiet.isQuiet(),
    };
  }

  /** True while notifications hide addresses and keys. */
  get hidesDetails(): boolean {
    const { hideDetails } = this.preferences;
    return hideDetails === 'always' || (hideDetails === 'locked' && this.#parts.quiet.isLocked());
  }

  /** The keys of the account about which nothing is announced. */
  get mutedKeyIds(): ReadonlySet<string> {
    const { store } = this.#parts.replica;
    if (store === null) return new Set();
    if (this.#muted?.store !== store) {
      this.#muted = { store, keyIds: new Set(readMutedKeys(store.settings)) };
    }
    return this.#muted.keyIds;
  }

  state(): NotificationState {
    const { choices, clock, presenter } = this.#parts;
    const nowMs = clock.now();
    const quiet = quietAt(nowMs, this.pauses);
    const { preferences, snoozedUntilMs } = choices;
    return {
      preferences,
      mutedKeyIds: [...this.mutedKeyIds],
      snoozedUntil: snoozedUntilMs === null || snoozedUntilMs <= nowMs ? null : isoTime(snoozedUntilMs),
      quiet: quiet === null ? null : { reason: quiet.reason, until: isoOrNull(quiet.untilMs) },
      desktop: { supported: presenter.isSupported(), buttons: presenter.hasButtons() },
    };
  }

  change(changes: NotificationChanges): void {
    this.#parts.choices.change(changes);
  }

  /** Fails while no account is known. */
  muteKey({ keyId, muted }: { readonly keyId: string; readonly muted: boolean }): Outcome<undefined> {
    const { store } = this.#parts.replica;
    if (store === null) {
      return failed({ kind: 'unreachable', message: t('refusals.notConnected') });
    }
    const keyIds = new Set(this.mutedKeyIds);
    if (muted) keyIds.add(keyId);
    else keyIds.delete(keyId);
    writeMutedKeys(store.settings, [...keyIds]);
    this.#muted = { store, keyIds };
    this.refresh();
    return succeeded(undefined);
  }

  snooze(snooze: Snooze): void {
    const { choices, clock } = this.#parts;
    choices.setSnooze(snoozeEndMs(snooze, clock.now()));
  }

  wake(): void {
    this.#parts.choices.setSnooze(null);
  }

  /** Shows a sample, even while notifications are off. */
  test(): Outcome<undefined> {
    const { presenter } = this.#parts;
    if (!presenter.isSupported()) {
      const message = t('notify.notSupported');
      return failed({ kind: 'conflict', code: 'unsupported', message, current: null });
    }
    presenter.show(SAMPLE_ID, sample());
    return succeeded(undefined);
  }

  /** Publishes the state if it differs from the last published one. */
  refresh(): void {
    const state = this.state();
    const text = JSON.stringify(state);
    if (text === this.#told) return;
    this.#told = text;
    this.publish();
    for (const listener of this.#listeners) listener();
  }

  /** Publishes the state to windows that have shown another account. */
  publish(): void {
    this.#parts.publisher.publish('notifications', 'changed', this.state());
  }

  /** Follows the choices no longer. */
  close(): void {
    this.#unsubscribe();
  }
}
