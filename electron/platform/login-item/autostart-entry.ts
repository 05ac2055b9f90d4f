import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { t } from '#shared/i18n/t';
import { replaceFile } from '../../core/replace-file';

export interface StartCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** https://specifications.freedesktop.org/autostart-spec/latest/ */
function autostartEntry(command: StartCommand): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Gatehouse',
    `Comment=${t('start.atLogin')}`,
    `Exec=${execLine(command)}`,
    'Terminal=false',
    // The panel with the tray should be there first.
    'X-GNOME-Autostart-Delay=5',
  ];
  return `${lines.join('\n')}\n`;
}

export function execLine({ program, args, env }: StartCommand): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const words = variables.length === 0 ? [program, ...args] : ['env', ...variables, program, ...args];
  return escapedString(words.map(quotedArgument).join(' '));
}

/**
 * Quotes an argument of `Exec`. Only these characters can occur here of those that the specification escapes; `%` would
 * begin a field code. https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html
 */
function quotedArgument(word: string): string {
  const escaped = word.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return /^[\w@+=:,./-]+$/.test(word) ? word : `"${escaped}"`;
}

/** The general rule for string values applies on top of the one for `Exec`. */
function escapedString(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
}

/** Returns true if the entry exists and a person has not switched it off in the desktop's settings. */
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

export function writeAutostart(path: string, command: StartCommand): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Desktops look for the ending `.desktop`, which the draft does not have.
  replaceFile(path, autostartEntry(command), 0o644);
}
