import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the modes of a folder let other users do. */
const ANYTHING = 0o077;
const CHANGE = 0o022;

/**
 * Makes a folder that only this user can look into, or closes one that is there. On Windows the user's own folders are
 * closed by their access lists.
 *
 * @throws Error with a sentence for the person, where it belongs to somebody else, or where somebody else has put
 * something into it while it was open to all.
 */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return;
  const uid = process.geteuid?.();
  const { uid: owner, mode } = statSync(path);
  if (owner !== uid) throw new Error(`The folder ${path} belongs to another user.`);
  if ((mode & ANYTHING) === 0) return;
  chmodSync(path, mode & 0o700);
  if ((mode & CHANGE) === 0) return;
  const foreign = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    // Not where a link leads to: whoever made the link owns it.
    .find((entry) => lstatSync(entry).uid !== uid);
  if (foreign !== undefined)
    throw new Error(`${foreign} was put there by another user. Take it away, then try again.`);
}

/** Closes a file to other users; makes an empty one where there is none, so that what opens it by its name leaves it closed. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  if (process.platform !== 'win32') chmodSync(path, 0o600);
}
