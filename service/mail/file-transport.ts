import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { closeDataFolder, closeToOthers } from '../private-files';
import type { Message } from './message';
import type { MailTransport } from './transport';

export const MAIL_FOLDER = 'mail';

/** Sorts by time; the same message has the same name, so that it is not there twice. */
const nameOf = ({ id, createdAt }: Message): string =>
  `${new Date(createdAt).toISOString().replaceAll(/[-:]/g, '')}-${id}.eml`;

const syncFolder = async (folder: string): Promise<void> => {
  // Windows has no such thing; there the rename itself is as durable as it gets.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/**
 * Where no mail server is set: each message becomes an `.eml` file that mail programs open, in a folder that only the
 * service's user can read. A file is there as a whole or not at all.
 * @throws NotOursError
 */
export const createFileTransport = (dataDir: string): MailTransport => {
  const folder = join(dataDir, MAIL_FOLDER);
  // What is wrong with it is told at the start, not at the first message.
  closeToOthers(folder);
  return {
    send: async (message) => {
      closeDataFolder(dataDir);
      if (!closeToOthers(folder)) await mkdir(folder, { mode: 0o700 });
      const file = join(folder, nameOf(message));
      const unfinished = `${file}.tmp`;
      try {
        // What a killed service left, or a link that somebody put there.
        await rm(unfinished, { force: true });
        const handle = await open(unfinished, 'wx', 0o600);
        try {
          await handle.writeFile(message.raw);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(unfinished, file);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
      await syncFolder(folder);
    },
    close: () => undefined,
  };
};
