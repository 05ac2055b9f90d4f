import { createInterface } from 'node:readline';
import { app } from 'electron';
import { type HelperAnswer, requestSchema } from './helper-protocol';
import { SyncKeyStore } from './sync-key-store';

/** Starts this program as the helper that holds the key store, instead of as a console. */
const HELPER_SWITCH = '--key-store-helper';

export function isKeyStoreHelper(argv: readonly string[]): boolean {
  return argv.includes(HELPER_SWITCH);
}

/**
 * Returns the arguments of a helper. `start` are this console's own start arguments, `folder` is the helper's own folder.
 */
export function helperArguments(start: readonly string[], folder: string): readonly string[] {
  return [...start, HELPER_SWITCH, `--user-data-dir=${folder}`];
}

/** Answers one request after the other, until the console is gone. */
export async function serveKeyStore(): Promise<void> {
  app.disableHardwareAcceleration();
  await app.whenReady();
  const store = new SyncKeyStore();
  const lines = createInterface(process.stdin);
  lines.on('close', () => app.exit(0));
  lines.on('line', (line) => {
    void answer(store, line).then((given) => process.stdout.write(`${JSON.stringify(given)}\n`));
  });
}

async function answer(store: SyncKeyStore, line: string): Promise<HelperAnswer> {
  const request = requestSchema.parse(JSON.parse(line));
  if (request.do === 'decrypt') return store.decrypt(Buffer.from(request.blob, 'base64'));
  const outcome = await store.encrypt(request.secret);
  return outcome.kind === 'locked'
    ? outcome
    : { kind: 'encrypted', blob: Buffer.from(outcome.blob).toString('base64') };
}
