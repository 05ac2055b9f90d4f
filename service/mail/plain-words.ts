import type { Review } from '#shared/domain/entities';
import { plainLine } from '#shared/domain/plain-text';
import type { Proposal } from '#shared/domain/proposal';
import { proposalSentence } from '#shared/domain/proposal-words';
import { reviewName } from '#shared/domain/review-subject';

/**
 * Texts for e-mails and pages with values that strangers choose (names of networks, keys and accounts). Each text is one
 * line, so that no name can end a header, fake a line of the message or turn its direction.
 */

const countryNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** "Germany (DE)"; only the code if it has no name; "not known" without a code. */
export function countryWords(code: string | null): string {
  if (code === null) return 'not known';
  const line = plainLine(code, 20);
  const name = /^[A-Z]{2}$/.test(line) ? countryNames.of(line) : undefined;
  return name === undefined ? line : `${name} (${line})`;
}

/** "AS64500 Example Networks", or the part of it that is known. */
export function networkWords(asn: number | null, asName: string | null): string {
  const name = plainLine(asName ?? '', 80);
  if (asn === null) return name === '' ? 'not known' : name;
  return name === '' ? `AS${asn}` : `AS${asn} ${name}`;
}

export function keyWords(name: string): string {
  return plainLine(name, 80) || 'without a name';
}

const DATE = new Intl.DateTimeFormat('en-GB', {
  ...{ timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
});

/** "Tue, 24 Nov 2026, 11:02:03 UTC". */
export function timeWords(at: number | string): string {
  return `${DATE.format(typeof at === 'number' ? at : Date.parse(at))} UTC`;
}

/** "1 call", "1,234 calls". */
export function countWords(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly isCode?: boolean;
}

/** Returns the facts about the calls, the address first. */
export function reviewFacts(review: Review, keyPrefix: string, isReported = false): Fact[] {
  return [
    { name: 'Address', value: reviewName(review), isCode: true },
    { name: 'Country', value: countryWords(review.country) },
    { name: 'Network', value: networkWords(review.asn, review.asName) },
    { name: 'API key', value: `${keyWords(review.keyName)} (${plainLine(keyPrefix, 20)}…)` },
    { name: 'First call', value: timeWords(review.firstAt) },
    { name: 'Last call', value: timeWords(review.lastAt) },
    { name: isReported ? 'Let in' : 'Blocked', value: countWords(review.count, 'call') },
  ];
}

/** "203.0.113.9 · Germany (DE) · AS64500 Example Networks · Production". */
export function reviewLine(review: Review): string {
  const { country, asn, asName, keyName } = review;
  return [reviewName(review), countryWords(country), networkWords(asn, asName), keyWords(keyName)].join(
    ' · ',
  );
}

export function proposalWords(review: Review, proposal: Proposal): string {
  return proposalSentence({ ...review, keyName: `"${keyWords(review.keyName)}"` }, proposal);
}

export interface EvidenceWords {
  readonly leaning: 'for' | 'against' | 'neutral';
  readonly words: string;
}

export function evidenceWords({ evidence }: Review): EvidenceWords[] {
  return evidence.map(({ weight, detail }) => ({
    leaning: weight === 0 ? 'neutral' : weight > 0 ? 'for' : 'against',
    words: plainLine(detail, 300),
  }));
}

/** Tells screen readers the meaning of the sign before a piece of evidence. */
export const LEANING_WORDS = {
  for: 'Speaks for it:',
  against: 'Speaks against it:',
  neutral: 'Noted:',
} as const;
