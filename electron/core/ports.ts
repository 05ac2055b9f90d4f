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

/** The system's key store. */
export interface Vault {
  status(): Promise<VaultStatus>;
  /** The encrypted secret, or null where there is no key store to encrypt with. */
  encrypt(secret: string): Promise<Uint8Array | null>;
  /** The secret, or null when it cannot be read any more (another user, a lost key). */
  decrypt(blob: Uint8Array): Promise<string | null>;
}

export interface NotificationContent {
  readonly title: string;
  readonly body: string;
}

export interface NotificationHandle {
  close(): void;
}

/** The desktop's notifications. */
export interface Notifier {
  isSupported(): boolean;
  /** `onClosed` is called once when it is gone for any other reason than `close()`. */
  show(
    content: NotificationContent,
    handlers: { readonly onClick: () => void; readonly onClosed: () => void },
  ): NotificationHandle;
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
