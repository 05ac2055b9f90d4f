import { runnerImport, type Plugin } from 'vite';

/** Runs a module that exports constants, and puts them in its place: what they are worked out from is not in the program. */
export function constants(path: string): Plugin {
  return {
    name: 'constants',
    async load(id) {
      if (id !== path) return undefined;
      const { module } = await runnerImport<object>(path, { configFile: false, logLevel: 'error' });
      return Object.entries(module)
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
        .join('\n');
    },
  };
}
