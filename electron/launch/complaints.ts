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

export function isComplaint(line: string): boolean {
  return COMPLAINTS.some((pattern) => pattern.test(line));
}

/** A library may complain without end, and the first complaints say what there is to know. */
const MAX_KEPT = 1_000;

/** Hands on what the app says on its standard error; what Chromium complains of goes to a file instead. */
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

/** The app starts without that file too. */
function tryTo(write: () => void): void {
  try {
    write();
  } catch {
    // It would have been of little use to anybody.
  }
}
