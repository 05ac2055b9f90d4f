import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';

/**
 * Only the service's user may read or change its files. Windows has neither numeric owners nor modes: there the access
 * lists of the user's folders protect them.
 */

const OTHERS = 0o077;

/** Thrown if a file in the service's place belongs to somebody else; `message` is a sentence for the person who starts it. */
export class NotOursError extends Error {
  constructor(message: string) {
    super(`GATEHOUSE_DATA_DIR: ${message}`);
    this.name = 'NotOursError';
  }
}

function refuseForeign(path: string, stats: Stats, advice: string): void {
  if (stats.isSymbolicLink()) {
    throw new NotOursError(`${path} is a symbolic link; ${advice}.`);
  }
  if (stats.uid !== process.geteuid?.()) {
    throw new NotOursError(`${path} belongs to another user (number ${stats.uid}); ${advice}.`);
  }
}

function close(path: string, { mode }: Stats): void {
  if ((mode & OTHERS) === 0) return;
  chmodSync(path, mode & 0o700);
  // Some file systems have one mode for all files and ignore changes silently.
  if ((statSync(path).mode & OTHERS) !== 0) {
    throw new NotOursError(
      `${path} is open to other users, and its file system does not let that be changed.`,
    );
  }
}

/** Closes our file or folder to other users. Returns false if there is none. @throws NotOursError */
export function closeToOthers(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (process.platform === 'win32') return true;
  refuseForeign(path, stats, 'the service keeps something of its own there');
  close(path, stats);
  return true;
}

/**
 * Makes the data folder if it is missing, and closes it to other users. A link may name it, because only its owner can have
 * made that link lead here. @throws NotOursError
 */
export function closeDataFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return;
  const stats = statSync(path);
  refuseForeign(path, stats, 'name a folder of the service’s own, which may be inside it');
  close(path, stats);
}

/** Makes an empty file if there is none, so that a program that opens it by name gets one of ours. @throws NotOursError */
export function makePrivateFile(path: string): void {
  if (closeToOthers(path)) return;
  try {
    // Exclusive creation follows no link.
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    // A second service that starts at the same moment may have been quicker.
    if (!closeToOthers(path)) throw error;
  }
}

/** Makes a file for an SQLite database, which gives those beside it its mode. @throws NotOursError */
export function makePrivateDatabase(path: string): void {
  makePrivateFile(path);
  for (const beside of ['-wal', '-shm', '-journal']) closeToOthers(`${path}${beside}`);
}

/** Writes a secret to a new file. An old one is removed first, because somebody may have it open. @throws NotOursError */
export function writePrivateFile(path: string, text: string): void {
  if (closeToOthers(path)) rmSync(path);
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
