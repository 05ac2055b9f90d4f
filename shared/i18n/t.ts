import { createInstance } from 'i18next';
import { formatCount } from '../words';
import { en, fr } from './catalogue';
import { language, perLocale } from './language';

type English = typeof en;
type RoomName = keyof English;

/** A plural has a text for each form, and one key. */
export type BaseOf<Name> = Name extends `${infer Base}_one` | `${infer Base}_other` ? Base : Name;

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

/** The values of a text by their names. */
export type TextValues<Key extends TextKey> = Values<ValueNames<Key>>;

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

/**
 * French has a space before these signs, and between a number and its unit, at which no line breaks. The files of texts have plain
 * ones, which can be seen.
 */
function withSpaces(text: string): string {
  return text.replace(/ (?=[:;?!»%])|(?<=«) |(?<=\}\}) (?=(?:h|min|s|km|Mo)(?!\p{L}))/gu, '\u00a0');
}

const i18next = createInstance();
void i18next.init({
  lng: 'en',
  resources: { en: { translation: en }, fr: { translation: withMany(fr) } },
  fallbackLng: false,
  initAsync: false,
  nsSeparator: false,
});

type GivenValues = Readonly<Record<string, string | number>>;

const pluralRules = perLocale((locale) => new Intl.PluralRules(locale));

/**
 * The texts with their placeholders, by language, key and plural form. The library takes tens of microseconds for each, and the
 * service words refusals on the thread that answers calls.
 */
const templates = new Map<string, string>();

/** Splits a text, so that every second part is the name of a value. */
const PLACEHOLDER = /\{\{(\w+)\}\}/;

function templateOf(key: string, { count }: GivenValues): string | undefined {
  const form = typeof count === 'number' ? pluralRules().select(count) : '';
  const id = `${language()} ${key} ${form}`;
  const known = templates.get(id);
  if (known !== undefined) return known;
  const options = { lng: language(), skipInterpolation: true, ...(typeof count === 'number' && { count }) };
  if (!i18next.exists(key, options)) return undefined;
  const template = i18next.t(key, options);
  templates.set(id, template);
  return template;
}

/** Returns the text with its values; undefined if one is missing. A value is put in as it is, whatever a stranger wrote in it. */
function fill(template: string, values: GivenValues): string | undefined {
  const parts = template.split(PLACEHOLDER).map((part, index) => {
    if (index % 2 === 0) return part;
    const value = Object.hasOwn(values, part) ? values[part] : undefined;
    return typeof value === 'number' ? formatCount(value) : value;
  });
  return parts.includes(undefined) ? undefined : parts.join('');
}

/**
 * Returns a text of the catalogue in the language of this program. Numbers among the values are formatted, and `count` chooses
 * the plural.
 */
export function t<Key extends TextKey>(
  key: Key,
  ...[values]: [ValueNames<Key>] extends [never] ? [] : [values: TextValues<Key>]
): string {
  return tNamed(key, values ?? {}) ?? key;
}

/** Returns the text that another program names; undefined if the catalogue does not have it, or it lacks one of its values. */
export function tNamed(key: string, values: GivenValues): string | undefined {
  const template = templateOf(key, values);
  return template === undefined ? undefined : fill(template, values);
}
