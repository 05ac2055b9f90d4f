import { useSyncExternalStore } from 'react';
import { type Language, language, onLanguage } from '#shared/i18n/language';

/** Renders a component again in another language. Only the app and memoized components with texts need it. */
export function useLanguage(): Language {
  return useSyncExternalStore(onLanguage, language);
}
