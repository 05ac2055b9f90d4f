import { readdirSync } from 'node:fs';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/**
 * The import directions of ARCHITECTURE.md, as a table: files below `target` may not import anything below `from`.
 */
const DIRECTIONS = [
  { target: './shared', from: ['./electron', './renderer', './service', './test'] },
  { target: './service', from: ['./electron', './renderer', './test'] },
  { target: './electron', from: ['./renderer', './service', './test'] },
  { target: './renderer', from: ['./electron', './service', './test'] },
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
      './shared',
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
  {
    target: './service/enforcement',
    from: ['http', 'storage', 'account', 'log', 'feed', 'gate', 'mail', 'geo', 'metrics'].map(
      (room) => `./service/${room}`,
    ),
  },
  {
    target: './service/storage',
    from: ['http', 'account', 'log', 'gate', 'mail', 'geo', 'metrics'].map((room) => `./service/${room}`),
  },
  {
    target: './service/geo',
    from: ['http', 'storage', 'account', 'log', 'feed', 'mail', 'metrics'].map((room) => `./service/${room}`),
  },
  { target: './service/account', from: ['./service/http', './service/mail'] },
  { target: './service/log', from: ['./service/http', './service/mail'] },
  { target: './service/gate', from: ['./service/http', './service/mail'] },
  { target: './service/feed', from: ['./service/http', './service/mail', './service/log'] },
  { target: './service/mail', from: ['./service/http'] },
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

const restrict = (files, paths, patterns = []) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths, patterns }] },
});

export default tseslint.config(
  { ignores: ['out/', 'node_modules/', 'test-output/', '.cache/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    settings: {
      'import-x/resolver-next': [
        createTypeScriptImportResolver({ noWarnOnMultipleProjects: true, project: ['tsconfig.json'] }),
      ],
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      'import-x/no-duplicates': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: DIRECTIONS }],
      // No enums and no structural class tricks here; these cost a third of the time and find nothing.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  restrict(['shared/**/*.ts'], [ELECTRON, AXIOS], [NODE, REACT]),
  restrict(['renderer/**/*.{ts,tsx}'], [ELECTRON, AXIOS], [NODE]),
  restrict(['service/**/*.ts'], [ELECTRON, AXIOS], [REACT]),
  restrict(['electron/core/**/*.ts', 'electron/launch/**/*.ts'], [ELECTRON, AXIOS], [REACT]),
  restrict(['electron/core/api/**/*.ts'], [ELECTRON], [REACT]),
  restrict(['electron/platform/**/*.ts', 'electron/*.ts'], [AXIOS], [REACT]),
  {
    // What is deprecated is found where the programs use it; here it costs seconds.
    files: ['test/**'],
    rules: { '@typescript-eslint/no-deprecated': 'off' },
  },
  {
    // Command-line programs speak on the terminal.
    files: ['electron/launch/**', 'service/main.ts', 'test/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['*.config.{ts,js}', 'test/support/count-reporter.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  { files: ['eslint.config.js', '**/*.mjs', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
