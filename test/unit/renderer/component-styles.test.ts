import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const SOURCE = join(ROOT, 'renderer/src');
const LIBRARY = join(ROOT, 'node_modules/@mantine/core/styles');
const IMPORT = /import \{([^}]*)\} from '@mantine\/core'/g;

const components = new Set(
  readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.tsx'))
    .flatMap((path) => [...readFileSync(join(SOURCE, path), 'utf8').matchAll(IMPORT)])
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim()),
);

describe('the styles of the library', () => {
  it('are there for each of its components that is used', () => {
    const styles = readFileSync(join(SOURCE, 'ui/components.css'), 'utf8');
    const styled = [...components].filter((name) => existsSync(join(LIBRARY, `${name}.css`)));
    expect(styled.length).toBeGreaterThan(10);
    expect(styled.filter((name) => !styles.includes(`/${name}.css'`))).toEqual([]);
  });
});
