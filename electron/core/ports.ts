import type { EventPayload } from '#shared/ipc/derive';
import type { Place } from '#shared/ipc/app';
import type { Events } from '#shared/ipc/contract';
import type { MessageToService } from '#shared/embedded/protocol';

/** The core's ports. `platform/` implements them with Electron and the desktop, the tests with fakes. */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after the delay (which may be Infinity), or as soon as the signal aborts. Never rejects. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
}

export interface Random {
  /** Returns a number from 0 inclusive to 1 exclusive. */
  fraction(): number;
  /** Returns a new secret of 256 bits, as text that fits into a header. */
  token(): string;
}

export type EncryptOutcome =
  | { readonly kind: 'encrypted'; readonly blob: Uint8Array }
  /** This system has no key store. */
  | { readonly kind: 'unavailable' }
  /** The key store is closed: a person dismissed its prompt, or it does not answer. */
  | { readonly kind: 'locked' };

export type DecryptOutcome =
  | { readonly kind: 'decrypted'; readonly secret: string }
  | { readonly kind: 'unavailable' }
  /** The secret may be readable once the key store is open. */
  | { readonly kind: 'locked' }
  /** The key store is open and cannot read the secret: another user wrote it, or the key is gone. */
  | { readonly kind: 'lost' };

/**
 * The system's key store. It may wait for a person's password for as long as that takes, so nothing that can go on without
 * the secret waits for it.
 */
export interface Vault {
  /** Returns false if this system has no key store that encrypts. Does not open the store. */
  canKeep(): boolean;
  encrypt(secret: string): Promise<EncryptOutcome>;
  decrypt(blob: Uint8Array): Promise<DecryptOutcome>;
  /**
   * Lets the store prompt again. After an outcome `locked` every further call is `locked` too, so that a person who
   * dismissed a prompt sees it only when they ask for it. Calls that still wait come out `locked`.
   */
  askAgain(): void;
  /** Ends the calls that still wait. */
  close(): void;
}

export interface NotificationButton {
  readonly id: string;
  readonly label: string;
}

export type ClickPurpose =
  'chooseMode' | 'decide' | 'decideChange' | 'see' | 'seeAll' | 'seeList' | 'seeReview';

export interface Announcement {
  readonly title: string;
  readonly body: string;
  /** What it is about, in no language, for whoever compares it with what is the case now. */
  readonly about?: string;
  /** The purpose of a click. Some desktops have no click. */
  readonly click?: ClickPurpose;
  /** The likeliest comes first. Some desktops show no buttons, so every button's effect can also be reached by a click. */
  readonly buttons: readonly NotificationButton[];
  /** `critical` is for cases in which calls fail until a person acts. */
  readonly urgency: 'low' | 'normal' | 'critical';
  /** Desktops that support groups show the notifications of one group together. */
  readonly group: string;
  /** Stays until a person answers or dismisses it, where the desktop supports that. */
  readonly stays: boolean;
}

export type AnnouncementEvent =
  | { readonly kind: 'clicked'; readonly id: string }
  | { readonly kind: 'pressed'; readonly id: string; readonly button: string }
  /**
   * Closed other than by `withdraw`. `desktop`: the desktop dropped it, as GNOME does with a program's oldest above three,
   * so perhaps nobody has seen it.
   */
  | { readonly kind: 'closed'; readonly id: string; readonly by: 'person' | 'desktop' };

/**
 * A way to show notifications. Our own ids name them, so that they can be updated, withdrawn, and answered in the next run
 * of the program.
 */
export interface Presenter {
  isSupported(): boolean;
  /** False until the desktop has told its abilities. */
  hasButtons(): boolean;
  /** Shows the notification, or replaces the one with the same id. Never throws; failures are logged. */
  show(id: string, announcement: Announcement): void;
  /** Takes it off the screen without an event. Does nothing if it is not there. */
  withdraw(id: string): void;
  /** After `clicked` or `pressed` the notification is gone on every desktop, and no `closed` follows. */
  subscribe(listener: (event: AnnouncementEvent) => void): () => void;
}

/** The desktop's "do not disturb" and screen lock. */
export interface DesktopQuiet {
  isQuiet(): boolean;
  isLocked(): boolean;
  subscribe(listener: () => void): () => void;
}

export interface Publisher {
  publish<G extends keyof Events, N extends keyof Events[G] & string>(
    group: G,
    name: N,
    payload: EventPayload<G, N>,
  ): void;
}

export interface WindowOpener {
  openApproval(reviewId: string): void;
  /** Brings the console to the front. */
  openConsole(place?: Place): void;
}

/** The windows of all accounts. */
export interface DesktopWindows extends WindowOpener {
  /** Without `accountId` nobody knows yet of which account the review is. */
  openApproval(reviewId: string, accountId?: string): void;
  closeApproval(): void;
}

/** Says whether the desktop shows a tray, in which an app can go on without a window. */
export interface TrayPresence {
  isShown(): boolean;
  subscribe(listener: () => void): () => void;
}

/** The system's list of programs that start with the session. */
export interface LoginItem {
  readonly isSupported: boolean;
  /** Reads the system's list, which a person may have changed too. */
  isOn(): boolean;
  /**
   * Adds this app to the list or removes it; `hidden` asks for a start without a window.
   * @throws Error with a sentence when the system refuses.
   */
  set(on: boolean, hidden: boolean): void;
}

/** This app's entry in the desktop's menu. The icon and the handler of links come with it. */
export interface MenuEntry {
  readonly isSupported: boolean;
  /** True if a person without an entry is asked once whether they want one. */
  readonly isToBeOffered: boolean;
  isOn(): boolean;
  /** @throws Error with a sentence when the file cannot be written. */
  set(on: boolean): void;
}

/** The app's own log. It redacts secrets before it writes. */
export interface Log {
  info(event: string, details?: Readonly<Record<string, unknown>>): void;
  warn(event: string, details?: Readonly<Record<string, unknown>>): void;
  error(event: string, details?: Readonly<Record<string, unknown>>): void;
}

/** The embedded service as its parent process sees it. */
export interface EmbeddedProcess {
  post(message: MessageToService): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, also when the process could not be started. */
  onExit(listener: (code: number | null) => void): void;
  kill(): void;
}

export type ForkEmbedded = () => EmbeddedProcess;
