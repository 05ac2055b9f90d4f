import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { t } from '#shared/i18n/t';

/** Permission bits of other users. */
const ANYTHING = 0o077;
const CHANGE = 0o022;

/**
 * Makes a folder that only this user can read, or restricts an existing one. Windows protects the user's folders by access lists.
 *
 * @throws Error with a sentence for a person if the folder belongs to somebody else, or if somebody else has put something into
 * it while it was writable for all.
 */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return;
  const uid = process.geteuid?.();
  const { uid: owner, mode } = statSync(path);
  if (owner !== uid) throw new Error(t('start.folderOfAnother', { folder: path }));
  if ((mode & ANYTHING) === 0) return;
  chmodSync(path, mode & 0o700);
  if ((mode & CHANGE) === 0) return;
  const foreign = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    // `lstat` does not follow links: the owner of the link is the one who put it there.
    .find((entry) => lstatSync(entry).uid !== uid);
  if (foreign !== undefined) throw new Error(t('start.fileOfAnother', { file: foreign }));
}

/** Makes the file readable for this user only, or makes an empty one, because SQLite keeps the mode of a file that it opens. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  if (process.platform !== 'win32') chmodSync(path, 0o600);
}
