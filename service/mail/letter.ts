import type { Review } from '#shared/domain/entities';
import { plainLine } from '#shared/domain/plain-text';
import { reviewName } from '#shared/domain/review-subject';
import type { LetterLinks } from './links';
import { countWords, countryWords, networkWords, timeWords } from './plain-words';

/** What one e-mail says, before it is words in a row: the text and the HTML are made from the same. */
export interface Letter {
  /** The recipient's address. */
  readonly recipient: string;
  readonly accountName: string;
  /** All open questions that this letter is about, also those that it only counts. */
  readonly total: number;
  /** There are more than `total`; they were not counted to the end. */
  readonly isMore: boolean;
  readonly byKey: readonly { readonly keyName: string; readonly count: number }[];
  /** Told in full, with their choices. */
  readonly questions: readonly LetterQuestion[];
  /** Told in a line each. */
  readonly listed: readonly ListedQuestion[];
  /** Where the rest is found. */
  readonly consoleLink: string;
  /** Until when the links work. */
  readonly linksEndAt: string;
}

export interface ListedQuestion {
  readonly ip: string;
  /** The address, with what else the question counts. */
  readonly name: string;
  readonly country: string;
  readonly network: string;
  readonly keyName: string;
  readonly keyPrefix: string;
}

export interface LetterQuestion extends ListedQuestion {
  readonly firstAt: string;
  readonly lastAt: string;
  readonly count: number;
  readonly evidence: readonly LetterEvidence[];
  readonly links: LetterLinks;
}

export interface LetterEvidence {
  readonly leaning: 'for' | 'against' | 'neither';
  readonly words: string;
}

const MAX_KEY_NAME = 80;
const MAX_EVIDENCE = 300;

export const keyWords = (name: string): string => {
  const line = plainLine(name, MAX_KEY_NAME);
  return line === '' ? 'without a name' : line;
};

/** What a sign stands for, where it is heard and not seen. */
export const LEANING_WORDS = {
  for: 'Speaks for it:',
  against: 'Speaks against it:',
  neither: 'Noted:',
} as const;

const leaningOf = (weight: number): LetterEvidence['leaning'] => {
  if (weight === 0) return 'neither';
  return weight > 0 ? 'for' : 'against';
};

export const listedQuestion = (review: Review, keyPrefix: string): ListedQuestion => ({
  ip: review.ip,
  name: reviewName(review),
  country: countryWords(review.country),
  network: networkWords(review.asn, review.asName),
  keyName: keyWords(review.keyName),
  keyPrefix: plainLine(keyPrefix, 20),
});

export const letterEvidence = ({ evidence }: Review): readonly LetterEvidence[] =>
  evidence.map(({ weight, detail }) => ({
    leaning: leaningOf(weight),
    words: plainLine(detail, MAX_EVIDENCE),
  }));

/** A question as a person reads it. */
export const letterQuestion = (review: Review, keyPrefix: string, links: LetterLinks): LetterQuestion => ({
  ...listedQuestion(review, keyPrefix),
  firstAt: timeWords(review.firstAt),
  lastAt: timeWords(review.lastAt),
  count: review.count,
  evidence: letterEvidence(review),
  links,
});

const addressesWords = ({ total, isMore }: Letter): string =>
  `${isMore ? 'more than ' : ''}${countWords(total, 'address', 'addresses')}`;

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

const MAX_SUBJECT_KEY_NAME = 50;

/** The subject: what happened, to which address, with which key. One line, whatever the names hold. */
export const subjectOf = (letter: Letter): string => {
  const [key, ...others] = letter.byKey;
  const name = key === undefined ? '' : plainLine(key.keyName, MAX_SUBJECT_KEY_NAME);
  const target = others.length === 0 ? `API key "${name}"` : `${letter.byKey.length} API keys`;
  const [only] = letter.questions;
  return letter.total === 1 && only !== undefined
    ? `Blocked: ${only.name} tried to use ${target}`
    : `Blocked: ${addressesWords(letter)} tried to use ${target}`;
};

export const headingOf = (letter: Letter): string => {
  const [only] = letter.questions;
  return letter.total === 1 && only !== undefined
    ? `${only.name} ${only.name === only.ip ? 'was' : 'were'} blocked`
    : `${capital(addressesWords(letter))} were blocked`;
};

/** Keys named in the introduction; more are only counted. */
const MAX_KEYS_NAMED = 5;

const keysOf = ({ byKey }: Letter): string => {
  const [first, ...others] = byKey;
  if (first !== undefined && others.length === 0) return `the API key "${keyWords(first.keyName)}"`;
  const named = byKey
    .slice(0, MAX_KEYS_NAMED)
    .map(({ keyName, count }) => `"${keyWords(keyName)}" (${count.toLocaleString('en')})`);
  const rest = byKey.length - named.length;
  return `your API keys ${[...named, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')}`;
};

/** Whether it is about one address alone, and not about others in its network. */
const isOneAddress = ({ total, questions: [only] }: Letter): boolean =>
  total === 1 && (only === undefined || only.name === only.ip);

export const introOf = (letter: Letter): string =>
  isOneAddress(letter)
    ? `A call with ${keysOf(letter)} came from an address that is not authorized. It was blocked.`
    : `Calls with ${keysOf(letter)} came from addresses that are not authorized. They were blocked.`;

/** What the choices of one question are called. Among several, each names its address. */
export const choiceNames = (letter: Letter, { ip }: ListedQuestion) => ({
  authorize: isOneAddress(letter) ? 'Authorize this address' : `Authorize ${ip}`,
  deny: 'Deny and update the API key',
});

/** How many are in neither list, in words; undefined when there are none. */
export const restWords = ({ total, isMore, questions, listed }: Letter): string | undefined => {
  const rest = total - questions.length - listed.length;
  if (rest <= 0) return undefined;
  const words = countWords(rest, 'more address', 'more addresses');
  return isMore ? `over ${words}` : words;
};
