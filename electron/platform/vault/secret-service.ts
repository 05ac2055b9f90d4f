import type { Log } from '../../core/ports';
import { messageOf } from '../../core/text';
import {
  addMatch,
  BusConnection,
  type BusCall,
  type BusReply,
  type BusSignal,
} from '../notifications/bus-connection';

const NAME = 'org.freedesktop.secrets';
const DEFAULT_COLLECTION = '/org/freedesktop/secrets/aliases/default';
const PROMPT = 'org.freedesktop.Secret.Prompt';
/** The service sends this path when no prompt is needed. */
const NO_PROMPT = '/';

/** A prompt to a person, until it is answered. */
interface PendingPrompt {
  readonly isOpen: Promise<boolean>;
  readonly giveUp: () => void;
}

/**
 * Unlocks GNOME Keyring, or another implementation of the Secret Service, before Electron uses it. Electron itself repeats
 * a prompt that a person dismisses three times, and after the third one makes a new key, which loses the old token.
 * https://specifications.freedesktop.org/secret-service-spec/latest/
 */
export class SecretService {
  readonly #address: string;
  readonly #log: Log;
  #pending: PendingPrompt | undefined;

  constructor(address: string, log: Log) {
    this.#address = address;
    this.#log = log;
  }

  /** Resolves with false if a person dismissed the prompt, and with true also if there is no such service. */
  async unlock(): Promise<boolean> {
    this.#pending ??= ask(this.#address, this.#log);
    const pending = this.#pending;
    try {
      return await pending.isOpen;
    } finally {
      if (this.#pending === pending) this.#pending = undefined;
    }
  }

  abandon(): void {
    this.#pending?.giveUp();
  }
}

function ask(address: string, log: Log): PendingPrompt {
  let end: (isOpen: boolean) => void = () => undefined;
  let prompt = NO_PROMPT;
  const ended = new Promise<boolean>((resolve) => (end = resolve));
  const connection = open(address, log, {
    onCompleted: (path, isDismissed) => {
      if (path === prompt) end(!isDismissed);
    },
    onDown: () => end(true),
  });
  if (connection === undefined) return { isOpen: Promise.resolve(true), giveUp: () => undefined };

  const unlock = call('/org/freedesktop/secrets', 'org.freedesktop.Secret.Service', 'Unlock', 'ao', [
    [DEFAULT_COLLECTION],
  ]);
  connection.call(unlock, (reply) => {
    prompt = promptOf(reply);
    if (prompt === NO_PROMPT) {
      end(true);
      return;
    }
    // The prompt has no parent window.
    connection.call(call(prompt, PROMPT, 'Prompt', 's', ['']), (asked) => {
      if (!asked.ok) end(true);
    });
  });
  return {
    isOpen: ended.finally(() => connection.close()),
    giveUp() {
      if (prompt !== NO_PROMPT) connection.send(call(prompt, PROMPT, 'Dismiss'));
      end(false);
    },
  };
}

interface PromptEvents {
  readonly onCompleted: (path: string, isDismissed: boolean) => void;
  readonly onDown: () => void;
}

function open(address: string, log: Log, { onCompleted, onDown }: PromptEvents): BusConnection | undefined {
  let connection: BusConnection;
  try {
    const onSignal = ({ path, interface: name, member, body }: BusSignal): void => {
      if (name === PROMPT && member === 'Completed') onCompleted(path, body[0] === true);
    };
    connection = BusConnection.open(address, { onSignal, onDown }, log);
  } catch (error) {
    log.warn('key_store.no_bus', { message: messageOf(error) });
    return undefined;
  }
  connection.send(addMatch(`type='signal',sender='${NAME}',interface='${PROMPT}',member='Completed'`));
  return connection;
}

function call(
  path: string,
  name: string,
  member: string,
  signature?: string,
  body?: readonly unknown[],
): BusCall {
  return {
    destination: NAME,
    path,
    interface: name,
    member,
    ...(signature === undefined || body === undefined ? {} : { signature, body }),
  };
}

/** If there is no such service or collection, the key store itself reports its state. */
function promptOf(reply: BusReply): string {
  const [, prompt] = reply.ok ? reply.values : [];
  return typeof prompt === 'string' ? prompt : NO_PROMPT;
}
