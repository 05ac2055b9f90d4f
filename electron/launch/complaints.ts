import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { ownFolder } from './folders.ts';

/** Chromium and its libraries begin their messages about an incomplete desktop like this. */
const COMPLAINTS: readonly RegExp[] = [
  // https://chromium.googlesource.com/chromium/src/+/main/base/logging.h
  /^\[\d+(?::\d+)?:\d{4}\/\d{6}\.\d+:[A-Z]+/,
  /^\(.+:\d+\): [\w-]+-(?:WARNING|CRITICAL|Message|DEBUG|INFO|ERROR) \*\*/,
  /^(?:dbus-daemon\[|libva |libGL |libEGL |MESA|Gtk-|GLib-|Fontconfig |ALSA lib |Warning: (?:vk|loader))/,
  /^\s*$/,
];

/** Returns the file that holds the complaints until the next start. */
export function complaintsPath(environment: NodeJS.ProcessEnv): string {
  return join(ownFolder(environment, 'XDG_STATE_HOME', '.local/state'), 'chromium.log');
}

export function isComplaint(line: string): boolean {
  return COMPLAINTS.some((pattern) => pattern.test(line));
}

/** A library may complain without end, and its first complaints suffice. */
const MAX_KEPT = 1_000;

/** Forwards the app's standard error; Chromium's complaints go to a file instead. */
export function sortOut(
  stderr: Readable,
  path: string,
  handOn: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
): void {
  let kept = 0;
  tryTo(() => rmSync(path, { force: true }));
  createInterface({ input: stderr }).on('line', (line) => {
    if (!isComplaint(line)) handOn(line);
    else if (kept < MAX_KEPT) {
      kept += 1;
      tryTo(() => {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        appendFileSync(path, `${line}\n`, { mode: 0o600 });
      });
    }
  });
}

function tryTo(write: () => void): void {
  try {
    write();
  } catch {
    // The app runs without the file too.
  }
}
