import type { EventPayload } from '#shared/ipc/derive';
import type { Events, Screen } from '#shared/ipc/contract';
import type { MessageToService } from '#shared/embedded/protocol';

/**
 * What the core needs of the world around it. Electron and the desktop stand behind these in `platform/`, fakes in the
 * tests.
 */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after the delay (which may be Infinity), or as soon as the signal aborts. Never rejects. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
}

export interface Random {
  /** From 0 inclusive to 1 exclusive. */
  fraction(): number;
  /** A fresh secret of 256 bits, as text that fits into a header. */
  token(): string;
}

export interface VaultStatus {
  readonly encrypted: boolean;
  /** Why not, as a sentence for a person; null when it is encrypted. */
  readonly reason: string | null;
}

export type EncryptOutcome =
  | { readonly kind: 'encrypted'; readonly blob: Uint8Array }
  /** There is no key store here to encrypt with. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  /** The key store was not opened: a person closed its question, or it does not answer. */
  | { readonly kind: 'locked' };

export type DecryptOutcome =
  | { readonly kind: 'decrypted'; readonly secret: string }
  | { readonly kind: 'unavailable'; readonly reason: string }
  /** Likewise. The secret may be readable once it is open. */
  | { readonly kind: 'locked' }
  /** The key store is open and cannot read it: it was written by another user, or the key is gone. */
  | { readonly kind: 'lost' };

/**
 * The system's key store. It may ask a person for a password and wait for the answer as long as that takes, so nothing
 * that can go on without the secret waits for it.
 */
export interface Vault {
  /** What is known without opening it. */
  status(): VaultStatus;
  encrypt(secret: string): Promise<EncryptOutcome>;
  decrypt(blob: Uint8Array): Promise<DecryptOutcome>;
  /**
   * Has the store ask again. Until then every call after one that came out `locked` does so too, because a person who has
   * just closed a question is not asked it once more. Calls that still wait come out `locked`.
   */
  askAgain(): void;
  /** Gives up what still waits. */
  close(): void;
}

export interface NotificationButton {
  /** What comes back when it is pressed. */
  readonly id: string;
  readonly label: string;
}

/** A notification as a person sees it. */
export interface Announcement {
  readonly title: string;
  readonly body: string;
  /** What a click is for, as the end of "Click to …"; not every desktop has the click. */
  readonly click?: string;
  /** The likeliest first. Not every desktop shows them: nothing may hang on them that a click cannot do. */
  readonly buttons: readonly NotificationButton[];
  /** `critical` only where something stands still until a person acts. */
  readonly urgency: 'low' | 'normal' | 'critical';
  /** Notifications of one group lie together where the desktop has that. */
  readonly group: string;
  /** Until it is answered or put away, where the desktop has that; else it goes by itself. */
  readonly stays: boolean;
}

/** What a person did with a notification, or what became of it. */
export type AnnouncementEvent =
  | { readonly kind: 'clicked'; readonly id: string }
  | { readonly kind: 'pressed'; readonly id: string; readonly button: string }
  /**
   * Gone for any other reason than `withdraw`: put away by a person, or dropped by the desktop, as GNOME does with the
   * oldest of a program when there are more than three. Nobody need have seen that one.
   */
  | { readonly kind: 'closed'; readonly id: string; readonly by: 'person' | 'desktop' };

/**
 * One way in which a desktop shows notifications. They are known by ids of ours, so that one can be updated in place,
 * withdrawn, and answered even in the next run of the program where the desktop keeps them so long.
 */
export interface Presenter {
  isSupported(): boolean;
  /** Whether buttons are shown here. Known once the desktop has been asked; false until then. */
  hasButtons(): boolean;
  /** Shows it, or puts it in the place of the one with the same id. Never throws; what fails is logged. */
  show(id: string, announcement: Announcement): void;
  /** Takes it off the screen; no event tells of it. Nothing happens when it is not there. */
  withdraw(id: string): void;
  /** A `clicked` or `pressed` notification is gone afterwards, on every desktop; no `closed` follows. */
  subscribe(listener: (event: AnnouncementEvent) => void): () => void;
}

/** Whether the desktop itself asks for quiet at the moment ("do not disturb"), or is locked. */
export interface DesktopQuiet {
  isQuiet(): boolean;
  /** Whether anybody who walks by may read what is on the screen. */
  isLocked(): boolean;
  subscribe(listener: () => void): () => void;
}

/** Tells every open window. */
export interface Publisher {
  publish<G extends keyof Events, N extends keyof Events[G] & string>(
    group: G,
    name: N,
    payload: EventPayload<G, N>,
  ): void;
}

export interface WindowOpener {
  openApproval(reviewId: string): void;
  /** Brings the console to the front, on this screen if one is named. */
  openConsole(screen?: Screen): void;
}

/** Whether the desktop shows a tray, in which an app can go on without a window. */
export interface TrayPresence {
  isShown(): boolean;
  subscribe(listener: () => void): () => void;
}

/** The system's list of what starts with the person's session. */
export interface LoginItem {
  readonly isSupported: boolean;
  /** As it stands with the system, where a person may have changed it too. */
  isOn(): boolean;
  /**
   * Puts this app on the list or takes it off; `hidden` asks for a start without a window.
   *
   * @throws Error with a sentence when the system refuses.
   */
  set(on: boolean, hidden: boolean): void;
}

/** The entry of this app in the menu of the desktop: with it come its icon, and what opens links to it. */
export interface MenuEntry {
  readonly isSupported: boolean;
  /** Whether a person who has none is to be asked, once. */
  readonly isToBeOffered: boolean;
  isOn(): boolean;
  /** @throws Error with a sentence when it cannot be written. */
  set(on: boolean): void;
}

/** The app's own log. Secrets are taken out before anything is written. */
export interface Log {
  info(event: string, details?: Readonly<Record<string, unknown>>): void;
  warn(event: string, details?: Readonly<Record<string, unknown>>): void;
  error(event: string, details?: Readonly<Record<string, unknown>>): void;
}

/** A running embedded service, seen from its parent. */
export interface EmbeddedProcess {
  post(message: MessageToService): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, also when the process could not be started at all. */
  onExit(listener: (code: number | null) => void): void;
  /** Ends it without asking. */
  kill(): void;
}

export type ForkEmbedded = () => EmbeddedProcess;
