import { readdirSync } from 'node:fs';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { WITHOUT_TEXTS } from './test/lint/without-texts.js';
import { textsInCatalogue } from './test/lint/texts-in-catalogue.js';

/** The rooms of the service, each before those that may import it. */
const SERVICE_ROOMS = [
  'runtime',
  'readers',
  'enforcement',
  'storage',
  'geo',
  // Trust knows the policy only by the facts that it is given; an authorization writes a sighting.
  'trust',
  'policy',
  'gate',
  'log/record',
  'log/spool',
  'log/query',
  'retention',
  'simulate',
  'import',
  'export',
  'sources',
  'account',
  'feed',
  'mail',
  'metrics',
  'http',
];

/**
 * The import directions of ARCHITECTURE.md, as a table: files below `target` may not import anything below `from`.
 */
const DIRECTIONS = [
  // What the build makes is read by its path.
  ...['./demo', './electron', './renderer', './service', './shared'].flatMap((room) => [
    { target: './build', from: room },
    { target: room, from: './build' },
  ]),
  { target: './shared', from: ['./demo', './electron', './renderer', './service', './test'] },
  // SQLite in threads needs Node, and belongs to those who store.
  ...['./shared/!(sqlite)/**', './renderer', './service/!(storage)/**', './service/*.ts'].map((target) => ({
    target,
    from: './shared/sqlite',
  })),
  ...['./electron/*.ts', './electron/!(core)/**', './electron/core/!(store)/**', './electron/core/*.ts'].map(
    (target) => ({ target, from: './shared/sqlite' }),
  ),
  { target: './service', from: ['./demo', './electron', './renderer', './test'] },
  { target: './electron', from: ['./demo', './renderer', './service', './test'] },
  { target: './renderer', from: ['./demo', './electron', './service', './test'] },
  // It starts the console as a person does, by its launcher.
  { target: './demo', from: ['./electron', './renderer', './test'] },
  {
    target: './electron/core',
    from: ['./electron/platform', './electron/launch', './electron/main.ts', './electron/preload.ts'],
  },
  {
    target: './electron/platform',
    from: ['./electron/launch', './electron/main.ts', './electron/preload.ts'],
  },
  {
    target: './electron/launch',
    from: ['./electron/core', './electron/platform', './electron/main.ts', './electron/preload.ts'],
  },
  {
    target: './electron/preload.ts',
    from: ['./electron/core', './electron/platform', './electron/launch', './electron/main.ts'],
  },
  {
    target: './renderer/src/ui',
    from: [
      './renderer/src/features',
      './renderer/src/forms',
      './renderer/src/stores',
      './renderer/src/bridge',
      './renderer/src/app.tsx',
      // Only words and durations, which know nothing of the product.
      './shared/api',
      './shared/domain',
      './shared/ip',
      './shared/ipc',
    ],
  },
  {
    target: './renderer/src/bridge',
    from: [
      './renderer/src/features',
      './renderer/src/forms',
      './renderer/src/stores',
      './renderer/src/ui',
      './renderer/src/app.tsx',
    ],
  },
  {
    target: './renderer/src/stores',
    from: ['./renderer/src/features', './renderer/src/forms', './renderer/src/ui', './renderer/src/app.tsx'],
  },
  {
    target: './renderer/src/domain',
    from: ['./renderer/src/features', './renderer/src/forms', './renderer/src/app.tsx'],
  },
  { target: './renderer/src/forms', from: ['./renderer/src/features', './renderer/src/app.tsx'] },
  { target: './renderer/src/features', from: ['./renderer/src/app.tsx', './renderer/src/main.tsx'] },
  // What two features share goes to forms, domain or ui.
  ...readdirSync(new URL('./renderer/src/features', import.meta.url)).map((feature) => ({
    target: `./renderer/src/features/${feature}`,
    from: './renderer/src/features',
    except: [`./${feature}`],
  })),
  // One way inside the service: a room imports only rooms before it in the list, and `runtime`.
  ...SERVICE_ROOMS.slice(0, -1).map((room, index) => ({
    target: `./service/${room}`,
    from: SERVICE_ROOMS.slice(index + 1).map((later) => `./service/${later}`),
  })),
];

/** Packages that belong to one room only. */
const only = (name, message) => ({ name, message });
const ELECTRON = only('electron', 'Only electron/platform, main.ts and preload.ts talk to Electron.');
const AXIOS = only('axios', 'Only electron/core/api talks HTTP.');
const NODE = { group: ['node:*'], message: 'shared/ and renderer/ run without Node.' };
const REACT = {
  group: ['react', 'react-dom', 'zustand', '@mantine/*'],
  message: 'React lives in renderer/.',
};

/** Folders whose functions at the top level are declarations. */
const DECLARED_FUNCTIONS = [
  'build/**/*.ts',
  'demo/**/*.ts',
  'electron/**/*.ts',
  'renderer/**/*.{ts,tsx}',
  'service/**/*.ts',
  'shared/**/*.ts',
  'test/support/**/*.{ts,mjs}',
];

/** An arrow whose variable has a type of its own may stay. */
const TOP_LEVEL_ARROW =
  'VariableDeclaration > VariableDeclarator:not([id.typeAnnotation]) > ArrowFunctionExpression';

const restrict = (files, paths, patterns = []) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths, patterns }] },
});

export default tseslint.config(
  { ignores: ['out/', 'node_modules/', 'test-output/', '.cache/'] },
  // What can be seen without types. All that needs them is in .oxlintrc.json, because the native compiler is several times faster.
  ...tseslint.configs.strict,
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js', '.mjs'] })],
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      'import-x/no-duplicates': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: DIRECTIONS }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    // Its other rules run the React compiler; oxlint brings that as well, much faster.
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  restrict(['shared/**/*.ts'], [ELECTRON, AXIOS], [NODE, REACT]),
  restrict(['shared/sqlite/*.ts'], [ELECTRON, AXIOS], [REACT]),
  restrict(['renderer/**/*.{ts,tsx}'], [ELECTRON, AXIOS], [NODE]),
  restrict(['{demo,service}/**/*.ts'], [ELECTRON, AXIOS], [REACT]),
  restrict(['electron/core/**/*.ts', 'electron/launch/**/*.ts'], [ELECTRON, AXIOS], [REACT]),
  restrict(['electron/core/api/**/*.ts'], [ELECTRON], [REACT]),
  restrict(['electron/platform/**/*.ts', 'electron/*.ts'], [AXIOS], [REACT]),
  {
    files: DECLARED_FUNCTIONS,
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['Program', 'Program > ExportNamedDeclaration'].map((parent) => ({
          selector: `${parent} > ${TOP_LEVEL_ARROW}`,
          message: 'A function at the top level is a `function` declaration.',
        })),
      ],
    },
  },
  {
    files: [
      'renderer/src/**/*.{ts,tsx}',
      'electron/main.ts',
      'electron/platform/**/*.ts',
      'electron/core/*.ts',
      'electron/core/!(store)/**/*.ts',
      // Of the store only these speak to people; the others hold queries.
      'electron/core/store/{disk-watch,rescue-outbox,storage-failure}.ts',
      'shared/ip/*.ts',
      'shared/ipc/*.ts',
      'shared/words.ts',
    ],
    ignores: WITHOUT_TEXTS,
    plugins: { gatehouse: { rules: { 'texts-in-catalogue': textsInCatalogue } } },
    rules: { 'gatehouse/texts-in-catalogue': 'error' },
  },
  {
    // Command-line programs speak on the terminal.
    files: ['demo/main.ts', 'electron/launch/**', 'service/main.ts', 'test/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['*.config.{ts,js}', 'test/support/count-reporter.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
