import { DAY_MS, HOUR_MS, MINUTE_MS } from '../durations';
import { t, tNamed } from '../i18n/t';
import { countryName } from '../words';

/** The values of a text of evidence. Times are spans in milliseconds before the review, countries are codes. */
export type EvidenceValues = Readonly<Record<string, string | number>>;

/** The names of values that are spans. */
const SPANS = ['ago', 'span'];

/** How a value is written, by its name. Others stand in the text as they are. */
const WRITTEN: Readonly<Record<string, (value: string | number) => string>> = {
  ago: (value) => agoWords(Number(value)),
  span: (value) => spanWords(Number(value)),
  country: (value) => countryName(String(value)),
  thisCountry: (value) => countryName(String(value)),
  countries: (value) => String(value).split(' ').map(countryName).join(', '),
  network: (value) => (value === '' ? t('evidence.unnamedNetwork') : String(value)),
  purpose: (value) => tNamed(`evidence.purpose_${value}`, {}) ?? '',
  near: (value) => t('evidence.closeBy', { what: value }),
};

/** Returns the sentence of a piece of evidence in the language of this program; undefined if only a newer one has its text. */
export function evidenceSentence(text: string, values: EvidenceValues): string | undefined {
  const isKnown = SPANS.every((name) => !Object.hasOwn(values, name) || Number.isFinite(values[name]));
  if (!isKnown) return undefined;
  const written = Object.entries(values).map(([name, value]): [string, string | number] => [
    name === 'near' ? 'what' : name,
    Object.hasOwn(WRITTEN, name) ? (WRITTEN[name]?.(value) ?? value) : value,
  ]);
  return tNamed(`evidence.${text}`, Object.fromEntries(written));
}

/** Returns a span in the largest unit that fits, rounded down: `2 hours`. */
function spanWords(spanMs: number): string {
  if (spanMs < MINUTE_MS) return t('evidence.underAMinute');
  if (spanMs < HOUR_MS) return t('evidence.minutes', { count: Math.floor(spanMs / MINUTE_MS) });
  if (spanMs < DAY_MS) return t('evidence.hours', { count: Math.floor(spanMs / HOUR_MS) });
  return t('evidence.days', { count: Math.floor(spanMs / DAY_MS) });
}

/** Returns `3 days ago`. A time in the future, by another machine's clock, is `just now`. */
function agoWords(agoMs: number): string {
  return agoMs < MINUTE_MS ? t('evidence.justNow') : t('evidence.ago', { span: spanWords(agoMs) });
}
