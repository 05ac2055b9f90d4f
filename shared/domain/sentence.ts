import { z } from 'zod';
import type { en } from '../i18n/catalogue';
import { tNamed, type TextValues } from '../i18n/t';

/** A sentence as a text of the catalogue and its values. */
export const wordsSchema = z.object({
  text: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Words = z.infer<typeof wordsSchema>;

/**
 * The sentences of a field of the service's answers, which stand in English beside them (docs/behaviour.md 4.2.1). An older service
 * sends none, and a newer one may send others.
 */
export const sentencesSchema = z.array(wordsSchema).optional().catch(undefined);

/** A sentence that the service says: in English, and in words for consoles that speak another language. */
export interface Sentence {
  readonly english: string;
  readonly words: Words;
}

type ServiceText = keyof typeof en.service;
type ReasonKey = Extract<ServiceText, `reason_${string}`>;
/** A clause that stands as `reason` in a sentence. */
export type ReasonName = ReasonKey extends `reason_${infer Name}` ? Name : never;
type SentenceText = Exclude<ServiceText, ReasonKey>;

type SentenceValues<Text extends SentenceText> = 'reason' extends keyof TextValues<`service.${Text}`>
  ? Omit<TextValues<`service.${Text}`>, 'reason'> & ReasonValues
  : TextValues<`service.${Text}`>;

/** A reason, with the values of its clause. */
export type ReasonValues = {
  [Name in ReasonName]: { readonly reason: Name } & TextValues<`service.reason_${Name}`>;
}[ReasonName];

/** Makes a sentence of the service, which speaks English. */
export function sentence<Text extends SentenceText>(
  text: Text,
  ...[values]: [keyof TextValues<`service.${Text}`>] extends [never] ? [] : [values: SentenceValues<Text>]
): Sentence {
  const words: Words = { text, values: { ...values } };
  return { english: inWords(words) ?? text, words };
}

function inWords({ text, values }: Words): string | undefined {
  const { reason } = values;
  if (reason === undefined) return tNamed(`service.${text}`, values);
  const clause = tNamed(`service.reason_${reason}`, values);
  return clause === undefined ? undefined : tNamed(`service.${text}`, { ...values, reason: clause });
}

/** Returns the sentences in the language of this program; undefined if there are none, or only a newer program has one of them. */
export function sentencesInWords(sentences: readonly Words[] | undefined): string | undefined {
  const said = sentences?.map(inWords) ?? [];
  return said.length === 0 || said.includes(undefined) ? undefined : said.join(' ');
}

/** Returns the reason with this name; undefined if there is none, or it needs values. */
export function reasonNamed(name: string): ReasonValues | undefined {
  return tNamed(`service.reason_${name}`, {}) === undefined ? undefined : ({ reason: name } as ReasonValues);
}

/** Returns a reason by itself, as a clause in the language of this program. */
export function reasonInWords({ reason, ...values }: ReasonValues): string {
  return tNamed(`service.reason_${reason}`, values) ?? reason;
}
