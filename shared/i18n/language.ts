export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A person's choice; `system` takes the first of the system's languages that the catalogue has. */
export type LanguageChoice = 'system' | Language;

/** British English, because it has the 24-hour clock. */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-FR' };

let current: Language = 'en';
const listeners = new Set<() => void>();

/** Returns the language of this program. The service never sets one, so it speaks English. */
export function language(): Language {
  return current;
}

/** Returns the locale for formats of `Intl`. */
export function locale(): string {
  return LOCALES[current];
}

export function setLanguage(wanted: Language): void {
  if (wanted === current) return;
  current = wanted;
  for (const listener of listeners) listener();
}

/** Calls the listener after each change. Returns a function that stops it. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Returns the language of a tag such as `fr-CA`; undefined if the catalogue does not have it. */
export function languageOf(tag: string): Language | undefined {
  const [wanted] = tag.split(/[-_]/);
  return LANGUAGES.find((each) => each === wanted);
}

/** Returns the language for a choice, with the system's languages in the order of preference. */
export function chosenLanguage(choice: LanguageChoice, system: readonly string[]): Language {
  if (choice !== 'system') return choice;
  return system.map(languageOf).find((each) => each !== undefined) ?? 'en';
}

/** Returns a function that makes a value once for each language, because an `Intl` format takes longer to make than to use. */
export function perLocale<T>(make: (locale: string) => T): () => T {
  const made = new Map<Language, T>();
  return () => {
    const known = made.get(current);
    if (known !== undefined) return known;
    const value = make(locale());
    made.set(current, value);
    return value;
  };
}
