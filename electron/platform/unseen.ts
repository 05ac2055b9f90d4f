import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import { t } from '#shared/i18n/t';
import type { Core } from '../core/create-core';
import { messageOf } from '../core/text';

/** Returns true on the launcher's virtual display, which nobody sees. */
export function isUnseen(): boolean {
  return process.env['GATEHOUSE_UNSEEN'] !== undefined;
}

interface UnseenParts {
  readonly core: Core;
  readonly consoleWindow: () => BrowserWindow | undefined;
  readonly folder: string;
}

/** Prints once where the service is, a command to try, and the path of a picture of the window. */
export function tellTerminal({ core, consoleWindow, folder }: UnseenParts): void {
  const { replica, log } = core.context;
  const stop = replica.subscribe(() => {
    const { connection } = replica;
    if (connection.kind === 'failed') {
      stop();
      process.stderr.write(`${connection.message}\n`);
    }
    if (connection.kind !== 'online') return;
    stop();
    tell(connection.service.url).catch((error: unknown) =>
      log.error('unseen.not_told', { message: messageOf(error) }),
    );
  });

  const tell = async (url: string): Promise<void> => {
    const say = (line: string): void => void process.stdout.write(`${line}\n`);
    say(t('start.serviceListens', { url }));
    // The command contains the key, which must not get into the log of a machine.
    const welcome = process.stdout.isTTY ? await core.context.welcome.get({ kind: 'embedded', url }) : null;
    if (welcome !== null) say(`${t('start.tryIt')}\n  ${welcome.curl}`);
    const window = consoleWindow();
    if (window === undefined) return;
    const path = join(folder, 'window.png');
    writeFileSync(path, await picture(window), { mode: 0o600 });
    say(t('start.picture', { path }));
  };
}

/** Returns a PNG of the window. Secrets are hidden, because the picture is written to the disk. */
async function picture(window: BrowserWindow): Promise<Buffer> {
  const { webContents } = window;
  await painted(window);
  const hidden = await webContents.insertCSS('[data-secret] { visibility: hidden !important; }');
  try {
    await painted(window);
    return (await webContents.capturePage()).toPNG();
  } finally {
    await webContents.removeInsertedCSS(hidden);
  }
}

/** Resolves once the page has drawn its current state. */
async function painted({ webContents }: BrowserWindow): Promise<void> {
  if (webContents.isLoading()) {
    await new Promise<void>((resolve) => webContents.once('did-finish-load', () => resolve()));
  }
  await webContents.executeJavaScript(
    `new Promise((resolve) => requestIdleCallback(() => requestAnimationFrame(() => requestAnimationFrame(resolve))))`,
  );
}
