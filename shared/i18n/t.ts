import { createInstance } from 'i18next';
import { formatCount } from '../words';
import { en, fr } from './catalogue';
import { type Language, language } from './language';

type English = typeof en;
type RoomName = keyof English;

/** A plural has a text for each form, and one key. */
type BaseOf<Name> = Name extends `${infer Base}_one` | `${infer Base}_other` ? Base : Name;

/** `room.name` of a text; that of a plural goes without its `_one` and `_other`. */
export type TextKey = {
  [Room in RoomName]: `${Room}.${BaseOf<keyof English[Room] & string>}`;
}[RoomName];

type FormsOf<Room, Name extends string> = Room[keyof Room & (Name | `${Name}_one` | `${Name}_other`)];

type NamesIn<Text> = Text extends `${string}{{${infer Name}}}${infer Rest}` ? Name | NamesIn<Rest> : never;

type CountOf<Room, Name extends string> = `${Name}_other` extends keyof Room ? 'count' : never;

type ValueNames<Key> = Key extends `${infer Room extends RoomName}.${infer Name}`
  ? NamesIn<FormsOf<English[Room], Name>> | CountOf<English[Room], Name>
  : never;

type Values<Names extends string> = {
  readonly [Name in Names]: Name extends 'count' ? number : string | number;
};

/** Counts stand in digits, for which French needs no form of its own for millions. */
function withMany(rooms: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  return Object.fromEntries(
    Object.entries(rooms).map(([room, texts]) => {
      const forms = Object.entries(texts).flatMap(([name, text]) => [
        [name, withSpaces(text)],
        ...(name.endsWith('_other') ? [[name.replace(/_other$/, '_many'), withSpaces(text)]] : []),
      ]);
      return [room, Object.fromEntries(forms)];
    }),
  );
}

/** French has a space before these signs at which no line breaks. The files of texts have plain ones, which can be seen. */
function withSpaces(text: string): string {
  return text.replace(/ (?=[:;?!»%])|(?<=«) /g, '\u00a0');
}

const i18next = createInstance();
i18next.use({
  type: 'formatter',
  init: () => undefined,
  add: () => undefined,
  addCached: () => undefined,
  format: (value: unknown) => (typeof value === 'number' ? formatCount(value) : String(value)),
});
void i18next.init({
  lng: 'en',
  resources: { en: { translation: en }, fr: { translation: withMany(fr) } },
  fallbackLng: false,
  initAsync: false,
  nsSeparator: false,
  // React and the native menus take text as text.
  interpolation: { escapeValue: false, alwaysFormat: true },
});

const translate: Readonly<
  Record<Language, (key: string, values: Readonly<Record<string, string | number>>) => string>
> = { en: i18next.getFixedT('en'), fr: i18next.getFixedT('fr') };

/** The texts without values that were asked for: the library looks each up anew, and a window is full of them. */
const plain = { en: new Map<string, string>(), fr: new Map<string, string>() } satisfies Record<
  Language,
  unknown
>;

/**
 * Returns a text of the catalogue in the language of this program. Numbers among the values are formatted, and `count` chooses
 * the plural.
 */
export function t<Key extends TextKey>(
  key: Key,
  ...[values]: [ValueNames<Key>] extends [never] ? [] : [values: Values<ValueNames<Key>>]
): string {
  if (values !== undefined) return translate[language()](key, values);
  const texts = plain[language()];
  const known = texts.get(key);
  if (known !== undefined) return known;
  const text = translate[language()](key, {});
  texts.set(key, text);
  return text;
}

/** Returns the text that another program names; undefined if the catalogue does not have it. */
export function tNamed(key: string, values: Readonly<Record<string, string | number>>): string | undefined {
  return i18next.exists(key, values) ? translate[language()](key, values) : undefined;
}
