import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { replaceFile } from '../../core/replace-file';

/** What is started, and how: the program and its arguments, and variables that it needs. */
export interface StartCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The text of an autostart entry.
 * https://specifications.freedesktop.org/autostart-spec/latest/
 */
export function autostartEntry(command: StartCommand): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Gatehouse',
    'Comment=Tells you of blocked addresses',
    `Exec=${execLine(command)}`,
    'Terminal=false',
    // Later, so that the panel with the tray is there first.
    'X-GNOME-Autostart-Delay=5',
  ];
  return `${lines.join('\n')}\n`;
}

/** The value of `Exec` that starts this. */
export function execLine({ program, args, env }: StartCommand): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const words = variables.length === 0 ? [program, ...args] : ['env', ...variables, program, ...args];
  return escapedString(words.map(quotedArgument).join(' '));
}

/**
 * An argument of `Exec`. Of what the specification asks to escape within quotes only these can be there; `%` would begin a
 * field code. https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html
 */
function quotedArgument(word: string): string {
  const escaped = word.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return /^[\w@+=:,./-]+$/.test(word) ? word : `"${escaped}"`;
}

/** The general rule for values of type string comes on top of the one for `Exec`. */
function escapedString(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
}

/** Whether a desktop would start the entry: it is there, and a person has not switched it off in the desktop's settings. */
export function isAutostartOn(path: string): boolean {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return false;
  }
  return (
    /^\[Desktop Entry\]/m.test(text) && !/^(Hidden=true|X-GNOME-Autostart-enabled=false)\s*$/m.test(text)
  );
}

/** Puts the entry there as a whole, so that a crash leaves the old one or the new one. */
export function writeAutostart(path: string, command: StartCommand): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // What is half written has not the ending that desktops look for.
  replaceFile(path, autostartEntry(command), 0o644);
}

export function removeAutostart(path: string): void {
  rmSync(path, { force: true });
}
