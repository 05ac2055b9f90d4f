import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Log } from '../../core/ports';
import { answerSchema, type HelperAnswer, type HelperRequest } from './helper-protocol';
import type { KeyStore, StoreDecrypted, StoreEncrypted } from './key-store';

/** A helper is a whole Electron, so an idle one is ended. */
const IDLE_MS = 5_000;
const LOCKED = { kind: 'locked' } as const;

interface Waiting {
  readonly request: HelperRequest;
  readonly answer: (answer: HelperAnswer) => void;
}

/**
 * The key store in a process of its own, for versions of Electron whose key store blocks its process while it prompts a
 * person. The helper is the same program with the same name, so that it finds the same key; it has no window.
 */
export class KeyStoreHelper implements KeyStore {
  readonly #command: () => { readonly program: string; readonly args: readonly string[] };
  readonly #log: Log;
  #child: ChildProcess | undefined;
  #waiting: readonly Waiting[] = [];
  #idle: NodeJS.Timeout | undefined;

  constructor(command: () => { readonly program: string; readonly args: readonly string[] }, log: Log) {
    this.#command = command;
    this.#log = log;
    process.once('exit', () => this.#child?.kill('SIGKILL'));
  }

  async encrypt(secret: string): Promise<StoreEncrypted> {
    const answer = await this.#ask({ do: 'encrypt', secret });
    return answer.kind === 'encrypted'
      ? { kind: 'encrypted', blob: Buffer.from(answer.blob, 'base64') }
      : LOCKED;
  }

  async decrypt(blob: Uint8Array): Promise<StoreDecrypted> {
    const answer = await this.#ask({ do: 'decrypt', blob: Buffer.from(blob).toString('base64') });
    return answer.kind === 'encrypted' ? LOCKED : answer;
  }

  abandon(): void {
    this.#end();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { answer } of waiting) answer(LOCKED);
  }

  #ask(request: HelperRequest): Promise<HelperAnswer> {
    return new Promise((answer) => {
      this.#waiting = [...this.#waiting, { request, answer }];
      if (this.#waiting.length === 1) this.#askFirst();
    });
  }

  /** Sends one request at a time: when a person dismisses the prompt, the others cause none. */
  #askFirst(): void {
    const [first] = this.#waiting;
    if (first === undefined) {
      this.#idle = setTimeout(() => this.#end(), IDLE_MS);
      return;
    }
    clearTimeout(this.#idle);
    this.#child ??= this.#start();
    this.#child.stdin?.write(`${JSON.stringify(first.request)}\n`);
  }

  #start(): ChildProcess {
    const { program, args } = this.#command();
    const env = { ...process.env };
    // With this variable Electron would run as plain Node.
    delete env['ELECTRON_RUN_AS_NODE'];
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
    // Writing to a helper that has ended fails here; `close` handles its requests.
    child.stdin.on('error', () => undefined);
    createInterface(child.stdout).on('line', (line) => {
      if (child === this.#child) this.#hear(line);
    });
    child.once('error', (error) => this.#onEnd(child, error.message));
    child.once('close', (code) => this.#onEnd(child, `it ended with ${code ?? 'a signal'}`));
    return child;
  }

  #hear(line: string): void {
    const answer = readAnswer(line);
    const [first, ...others] = this.#waiting;
    // Chromium may print to the same stream.
    if (answer === undefined || first === undefined) return;
    if (answer.kind === 'locked') {
      // The next request needs a new helper, because this one may remember the refusal.
      this.abandon();
      return;
    }
    this.#waiting = others;
    first.answer(answer);
    this.#askFirst();
  }

  #onEnd(child: ChildProcess, why: string): void {
    if (child !== this.#child) return;
    this.#child = undefined;
    if (this.#waiting.length > 0) this.#log.error('key_store.helper_failed', { why });
    this.abandon();
  }

  #end(): void {
    clearTimeout(this.#idle);
    // A helper that prompts does not handle SIGTERM.
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

function readAnswer(line: string): HelperAnswer | undefined {
  try {
    return answerSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
