import { resolve, sep } from 'node:path';
import { isAppUrl } from './app-origin';

/**
 * Returns the file below `root` for a URL of the app, or undefined for a foreign origin, a path out of the folder, or a name
 * that no file of ours has.
 */
export function assetPath(root: string, url: string): string | undefined {
  if (!isAppUrl(url)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(new URL(url).pathname);
  } catch {
    return undefined;
  }
  // A NUL ends a file name for the system, a backslash is a separator on Windows, and a colon names a drive or stream.
  if (/[\0\\:]/.test(path)) return undefined;
  const file = resolve(root, `.${path === '/' ? '/index.html' : path}`);
  return file.startsWith(resolve(root) + sep) ? file : undefined;
}
