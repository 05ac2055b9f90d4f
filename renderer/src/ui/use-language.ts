import { useSyncExternalStore } from 'react';
import { type Language, language, onLanguage } from '#shared/i18n/language';

/** Renders a component again in another language: the app, and with it all that is not memoized. */
export function useLanguage(): Language {
  return useSyncExternalStore(onLanguage, language);
}
