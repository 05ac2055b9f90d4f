import { Linter } from 'eslint';
import { existsSync } from 'node:fs';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
// @ts-expect-error The rules are plain JavaScript, as the configuration that loads them.
import { WITHOUT_TEXTS } from '../../lint/without-texts.js';
// @ts-expect-error The rules are plain JavaScript, as above.
import { textsInCatalogue } from '../../lint/texts-in-catalogue.js';

const linter = new Linter();

function findings(code: string): number {
  const messages = linter.verify(
    code,
    {
      files: ['**/*.tsx'],
      languageOptions: {
        parser: tseslint.parser,
        parserOptions: { ecmaFeatures: { jsx: true } },
      },
      plugins: { gatehouse: { rules: { texts: textsInCatalogue as never } } },
      rules: { 'gatehouse/texts': 'error' },
    },
    'code.tsx',
  );
  expect(messages.filter(({ fatal }) => fatal)).toEqual([]);
  return messages.length;
}

describe('a text outside the catalogue', () => {
  it.each([
    '<p>Settings</p>',
    '<p>{"Not yet loaded."}</p>',
    '<Button label="Save" />',
    '<Button aria-label={isOn ? "Off" : t("room.on")} />',
    '<Button aria-label={`Copy ${what}`} />',
    '({ title: "Settings" })',
    '({ message: problem ?? "Unknown" })',
    'const words = `Offline since ${moment}`;',
    'return_(kind === "a" ? "It was refused." : "")',
    'const LABELS = { keep: "Keep running in the tray" };',
  ])('is found in %s', (code) => expect(findings(code)).toBe(1));

  it.each([
    '<p>{t("settings.title")} · {name}</p>',
    '<b>Gatehouse</b>',
    '<Input placeholder="proxy.example.com:3128" className="two words" />'.replace('two words', 'one'),
    'import x from "a b";',
    'type Way = "by hand";',
    'throw new Error("There is no such thing.");',
    'log.error("store.failed", { message: "It was set aside." });',
    'const kind = "token_expired";',
    'switch (title) { case "Settings": }',
  ])('is not %s', (code) => expect(findings(code)).toBe(0));
});

it('the list of rooms without it names what is there', () => {
  expect((WITHOUT_TEXTS as string[]).filter((path) => !existsSync(path))).toEqual([]);
});
