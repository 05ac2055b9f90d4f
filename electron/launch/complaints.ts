import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** How Chromium and the libraries below it begin what they say about a desktop that lacks something. */
const COMPLAINTS: readonly RegExp[] = [
  // https://chromium.googlesource.com/chromium/src/+/main/base/logging.h
  /^\[\d+(?::\d+)?:\d{4}\/\d{6}\.\d+:[A-Z]+/,
  /^\(.+:\d+\): [\w-]+-(?:WARNING|CRITICAL|Message|DEBUG|INFO|ERROR) \*\*/,
  /^(?:dbus-daemon\[|libva |libGL |libEGL |MESA|Gtk-|GLib-|Fontconfig |ALSA lib |Warning: (?:vk|loader))/,
  /^\s*$/,
];

/** Where they are kept until the next start. */
export function complaintsPath(environment: NodeJS.ProcessEnv): string {
  const base = environment['XDG_STATE_HOME'];
  const state =
    base !== undefined && isAbsolute(base) ? base : join(environment['HOME'] ?? homedir(), '.local/state');
  return join(state, 'gatehouse', 'chromium.log');
}

export const isComplaint = (line: string): boolean => COMPLAINTS.some((pattern) => pattern.test(line));

/** Hands on what the app says on its standard error; what Chromium complains of goes to a file instead. */
export function sortOut(stderr: Readable, path: string): void {
  rmSync(path, { force: true });
  createInterface({ input: stderr }).on('line', (line) => {
    if (isComplaint(line)) keep(path, line);
    else process.stderr.write(`${line}\n`);
  });
}

function keep(path: string, line: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    appendFileSync(path, `${line}\n`, { mode: 0o600 });
  } catch {
    // It would have been of little use to anybody.
  }
}
