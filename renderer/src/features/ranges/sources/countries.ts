import { perLocale } from '#shared/i18n/language';

/** Codes that are no countries, or stand for several. */
const NO_COUNTRIES = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ']);
/** Codes of countries that are gone, for which there are still names. */
const GONE = new Set([
  'AN',
  'BU',
  'CS',
  'DD',
  'DY',
  'FX',
  'HV',
  'NH',
  'NT',
  'RH',
  'SU',
  'TP',
  'UK',
  'VD',
  'YD',
  'YU',
  'ZR',
]);

/** Returns all countries with their names, in the order of these. */
export const countries = perLocale(
  (locale): readonly { readonly value: string; readonly label: string }[] => {
    const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' });
    const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
    return letters
      .flatMap((first) => letters.map((second) => first + second))
      .flatMap((value) => {
        const label = NO_COUNTRIES.has(value) || GONE.has(value) ? undefined : names.of(value);
        return label === undefined ? [] : [{ value, label }];
      })
      .sort((a, b) => a.label.localeCompare(b.label, locale));
  },
);
