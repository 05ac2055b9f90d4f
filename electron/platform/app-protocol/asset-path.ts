import { resolve, sep } from 'node:path';
import { isAppUrl } from './app-origin';

/**
 * Returns the file below `root` for a URL of the app, or null for a foreign origin, a path out of the folder, or a name
 * that no file of ours has.
 */
export function assetPath(root: string, url: string): string | null {
  if (!isAppUrl(url)) return null;
  let path: string;
  try {
    path = decodeURIComponent(new URL(url).pathname);
  } catch {
    return null;
  }
  // A NUL ends a file name for the system, a backslash is a separator on Windows, and a colon names a drive or stream.
  if (/[\0\\:]/.test(path)) return null;
  const file = resolve(root, `.${path === '/' ? '/index.html' : path}`);
  return file.startsWith(resolve(root) + sep) ? file : null;
}
