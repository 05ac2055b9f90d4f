import type { MirrorPatch, Screen } from '#shared/ipc/contract';
import type {
  Log,
  NotificationContent,
  Notifier,
  Publisher,
  Random,
  Vault,
  WindowOpener,
} from '#electron/core/ports';

/** Doubles of the core's ports. They record what happened, and do as little else as they can. */

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

/** A random source that always answers the same fraction, and numbers its tokens. */
export const fixedRandom = (fraction = 0.5): Random => {
  let tokens = 0;
  return {
    fraction: () => fraction,
    token: () => {
      tokens += 1;
      return `token-number-${tokens}`;
    },
  };
};

/** A key store that "encrypts" by turning the text around, or none at all. */
export const fakeVault = (encrypted: boolean): Vault => {
  const reversed = (text: string): string => Array.from(text).reverse().join('');
  return {
    status: () => Promise.resolve({ encrypted, reason: encrypted ? null : 'There is no key store.' }),
    encrypt: (secret) => Promise.resolve(encrypted ? Buffer.from(reversed(secret)) : null),
    decrypt: (blob) => Promise.resolve(encrypted ? reversed(Buffer.from(blob).toString()) : null),
  };
};

export interface ShownNotification extends NotificationContent {
  click(): void;
  dismiss(): void;
}

/** A desktop that keeps its notifications in a list. */
export class FakeNotifier implements Notifier {
  readonly shown: ShownNotification[] = [];
  readonly open = new Set<ShownNotification>();
  supported = true;

  isSupported(): boolean {
    return this.supported;
  }

  show(
    content: NotificationContent,
    handlers: { readonly onClick: () => void; readonly onClosed: () => void },
  ): { close(): void } {
    const notification: ShownNotification = {
      ...content,
      click: () => handlers.onClick(),
      dismiss: () => {
        this.open.delete(notification);
        handlers.onClosed();
      },
    };
    this.shown.push(notification);
    this.open.add(notification);
    return { close: () => void this.open.delete(notification) };
  }

  get openTitles(): readonly string[] {
    return [...this.open].map(({ title }) => title);
  }
}

export class RecordingWindows implements WindowOpener {
  readonly opened: string[] = [];

  openApproval(reviewId: string): void {
    this.opened.push(`approval ${reviewId}`);
  }

  openConsole(screen?: Screen): void {
    this.opened.push(`console ${screen ?? ''}`.trim());
  }
}
