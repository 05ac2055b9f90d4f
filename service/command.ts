import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface ServeCommand {
  readonly name: 'serve';
}

/** What the program is asked to do by its arguments. */
export type Command =
  | ServeCommand
  | { readonly name: 'help' | 'check-data' }
  | { readonly name: 'backup' | 'restore'; readonly file: string };

export const USAGE = `npm run service                     starts the enforcement service
npm run service -- backup FILE      backs its database up into a new file, also while services run
npm run service -- restore FILE     puts a backup in the place of its database
npm run service -- check-data       looks for what contradicts itself in its database, and changes nothing
The settings are read from the environment, as for the service.`;

/** The arguments cannot be understood; the message says why. */
export class CommandError extends Error {
  constructor(message: string) {
    super(`${message}\n${USAGE}`);
  }
}

function parse(texts: readonly string[]): { readonly isHelp: boolean; readonly words: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...texts],
      options: { help: { type: 'boolean', short: 'h', default: false } },
      allowPositionals: true,
    });
    return { isHelp: values.help, words: positionals };
  } catch (error) {
    // Node adds advice for options that are meant as names.
    const [sentence = ''] = error instanceof Error ? error.message.split('. ') : [];
    throw new CommandError(`${sentence}.`);
  }
}

/** Reads the arguments of the program. @throws CommandError */
export function readCommand(texts: readonly string[]): Command {
  const { isHelp, words } = parse(texts);
  if (isHelp) return { name: 'help' };
  const [name = 'serve', file, ...more] = words;
  if (more.length > 0) throw new CommandError(`${name}: there is one argument too many, "${more[0]}".`);
  switch (name) {
    case 'backup':
    case 'restore':
      if (file === undefined) throw new CommandError(`${name}: the file is missing.`);
      return { name, file: resolve(file) };
    case 'serve':
    case 'check-data':
      if (file !== undefined) throw new CommandError(`${name}: there is one argument too many, "${file}".`);
      return { name };
    default:
      throw new CommandError(`There is no command "${name}".`);
  }
}
