import type { Place } from '#shared/ipc/app';
import type { MirrorPatch } from '#shared/ipc/mirror';
import type {
  Announcement,
  AnnouncementEvent,
  DecryptOutcome,
  DesktopQuiet,
  EncryptOutcome,
  Log,
  Presenter,
  Publisher,
  Random,
  Vault,
  DesktopWindows,
} from '#electron/core/ports';

/** Doubles of the core's ports. They record, and do as little else as they can. */

export class RecordingPublisher implements Publisher {
  readonly events: { readonly name: string; readonly payload: unknown }[] = [];

  publish(group: string, name: string, payload: unknown): void {
    this.events.push({ name: `${group}.${name}`, payload });
  }

  payloads(name: string): readonly unknown[] {
    return this.events.filter((event) => event.name === name).map(({ payload }) => payload);
  }

  get patches(): readonly MirrorPatch[] {
    return this.payloads('mirror.patch') as readonly MirrorPatch[];
  }
}

export class RecordingLog implements Log {
  readonly lines: {
    readonly level: string;
    readonly event: string;
    readonly details: Readonly<Record<string, unknown>>;
  }[] = [];

  info = this.#at('info');
  warn = this.#at('warn');
  error = this.#at('error');

  #at(level: string) {
    return (event: string, details: Readonly<Record<string, unknown>> = {}): void => {
      this.lines.push({ level, event, details });
    };
  }

  get text(): string {
    return JSON.stringify(this.lines);
  }
}

/** A random source with a constant fraction and numbered tokens. */
export function fixedRandom(fraction = 0.5): Random {
  let tokens = 0;
  return {
    fraction: () => fraction,
    token: () => {
      tokens += 1;
      return `token-number-${tokens}`;
    },
  };
}

/** A key store that "encrypts" by reversing the text, or none at all. */
export function fakeVault(encrypted: boolean): Vault {
  const reversed = (text: string): string => Array.from(text).reverse().join('');
  return {
    canKeep: () => encrypted,
    encrypt: (secret) =>
      Promise.resolve(encrypted ? { kind: 'encrypted', blob: Buffer.from(reversed(secret)) } : NO_STORE),
    decrypt: (blob) =>
      Promise.resolve(
        encrypted ? { kind: 'decrypted', secret: reversed(Buffer.from(blob).toString()) } : NO_STORE,
      ),
    askAgain: () => undefined,
    close: () => undefined,
  };
}

const NO_STORE = { kind: 'unavailable' } as const;

/** A key store that prompts a person, whom the test plays. */
export class AskingVault implements Vault {
  readonly #open = fakeVault(true);
  /** How often the person was prompted. */
  asked = 0;
  #waiting: ((isUnlocked: boolean) => void)[] = [];
  #isOpen = false;
  #isDeclined = false;

  canKeep(): boolean {
    return this.#open.canKeep();
  }

  async encrypt(secret: string): Promise<EncryptOutcome> {
    return (await this.#ask()) ? this.#open.encrypt(secret) : { kind: 'locked' };
  }

  async decrypt(blob: Uint8Array): Promise<DecryptOutcome> {
    return (await this.#ask()) ? this.#open.decrypt(blob) : { kind: 'locked' };
  }

  askAgain(): void {
    this.answer(false);
    this.#isDeclined = false;
  }

  close(): void {
    this.answer(false);
  }

  /** Unlocks the store, or dismisses its prompt. */
  answer(isUnlocked: boolean): void {
    this.#isOpen = isUnlocked;
    this.#isDeclined = !isUnlocked;
    for (const settle of this.#waiting.splice(0)) settle(isUnlocked);
  }

  #ask(): Promise<boolean> {
    if (this.#isOpen || this.#isDeclined) return Promise.resolve(this.#isOpen);
    this.asked += 1;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export interface ShownAnnouncement extends Announcement {
  readonly id: string;
  /** True if it replaced one that was on the screen. */
  readonly isUpdate: boolean;
}

/** A desktop that keeps its notifications in a list. */
export class FakePresenter implements Presenter {
  /** Every shown notification, updates included. */
  readonly shown: ShownAnnouncement[] = [];
  readonly open = new Map<string, ShownAnnouncement>();
  readonly #listeners = new Set<(event: AnnouncementEvent) => void>();
  supported = true;
  buttons = true;

  isSupported(): boolean {
    return this.supported;
  }

  hasButtons(): boolean {
    return this.buttons;
  }

  show(id: string, announcement: Announcement): void {
    const shown = { id, isUpdate: this.open.has(id), ...announcement };
    this.shown.push(shown);
    this.open.set(id, shown);
  }

  withdraw(id: string): void {
    this.open.delete(id);
  }

  subscribe(listener: (event: AnnouncementEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Clicks, also on a notification that an earlier run of the program showed. */
  click(id: string): void {
    this.#happens({ kind: 'clicked', id });
  }

  press(id: string, button: string): void {
    this.#happens({ kind: 'pressed', id, button });
  }

  /** Dismisses it as a person does. */
  dismiss(id: string): void {
    this.#happens({ kind: 'closed', id, by: 'person' });
  }

  /** Drops it as a desktop without room does. */
  drop(id: string): void {
    this.#happens({ kind: 'closed', id, by: 'desktop' });
  }

  get openTitles(): readonly string[] {
    return [...this.open.values()].map(({ title }) => title);
  }

  #happens(event: AnnouncementEvent): void {
    this.open.delete(event.id);
    for (const listener of this.#listeners) listener(event);
  }
}

/** A desktop whose "do not disturb" and lock a test turns on and off. */
export class FakeQuiet implements DesktopQuiet {
  readonly #listeners = new Set<() => void>();
  #isOn = false;
  #isLocked = false;

  isQuiet(): boolean {
    return this.#isOn;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  isLocked(): boolean {
    return this.#isLocked;
  }

  turn(on: boolean): void {
    this.#isOn = on;
    this.#tell();
  }

  lock(locked: boolean): void {
    this.#isLocked = locked;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export class RecordingWindows implements DesktopWindows {
  readonly opened: string[] = [];
  /** The review in the approval window; undefined while it is closed. */
  approval: { readonly reviewId: string; readonly accountId: string | undefined } | undefined;

  openApproval(reviewId: string, accountId?: string): void {
    this.opened.push(`approval ${reviewId}`);
    this.approval = { reviewId, accountId };
  }

  closeApproval(): void {
    this.approval = undefined;
  }

  openConsole(place?: Place): void {
    this.opened.push(`console ${place ?? ''}`.trim());
  }
}
