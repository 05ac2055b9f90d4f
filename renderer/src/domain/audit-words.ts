import { type AuditEvent, modeSchema } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { capital, formatDateTime } from '../ui/format';
import { rangeName, spokenCidr } from './range-words';
import { SOMETHING_NEW } from './reasons';

export const VIA_WORDS: Readonly<Record<AuditEvent['via'], string>> = {
  console: 'Console',
  api: 'API',
  email: 'E-mail',
  system: 'By itself',
  unrecognised: SOMETHING_NEW,
};

/** Describes the event without its author. An action that this version does not know keeps the service's name. */
export function auditWords({ action, before, after }: AuditEvent): string {
  const say = SENTENCES[action];
  return say === undefined ? action : say(after ?? before, before);
}

type Sentence = (about: unknown, before: unknown) => string;

const SENTENCES: Readonly<Record<string, Sentence>> = {
  'range.add': (range) => `${effectWords(range)} ${rangeIn(range)}`,
  'range.update': (range) => `Changed ${rangeIn(range)}`,
  'range.remove': (range) => `Removed ${rangeIn(range)}`,
  'ranges.import': (outcome) => `Imported ranges (${numberIn(outcome, 'added')} added)`,
  'review.authorized': (review) => `Authorized ${text(review, 'ip')} for “${text(review, 'keyName')}”`,
  'review.denied': (review) => `Denied ${text(review, 'ip')} for “${text(review, 'keyName')}”`,
  'review.superseded': (review) => `Review of ${text(review, 'ip')} settled by another range`,
  'review.reopened': (review) => `Reopened the review of ${text(review, 'ip')}`,
  'review.expired': (review) => `Review of ${text(review, 'ip')} expired`,
  'mode.set': (mode, before) => `Switched protection from ${modeName(before)} to ${modeName(mode)}`,
  'account.update': () => 'Changed the account',
  'key.create': (key) => `Created the key “${text(key, 'name')}”`,
  'key.rotate': (key) => `Gave the key “${text(key, 'name')}” a new secret`,
  'key.revoke': (key) => `Revoked the key “${text(key, 'name')}”`,
  'user.create': (user) => `Added the user ${text(user, 'email')}`,
  'user.update': (user) => `Changed the user ${text(user, 'email')}`,
  'user.remove': (user) => `Removed the user ${text(user, 'email')}`,
  'token.create': (token) => `Made the access token “${text(token, 'name')}” for ${text(token, 'user')}`,
  'token.remove': (token) => `Removed the access token “${text(token, 'name')}” of ${text(token, 'user')}`,
};

const UNKNOWN = 'something';

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function text(value: unknown, name: string): string {
  const field = fieldOf(value, name);
  return typeof field === 'string' && field !== '' ? field : UNKNOWN;
}

function numberIn(value: unknown, name: string): string {
  const field = fieldOf(value, name);
  return typeof field === 'number' ? String(field) : 'some';
}

function effectWords(range: unknown): string {
  return fieldOf(range, 'effect') === 'deny' ? 'Denied' : 'Authorized';
}

function rangeIn(value: unknown): string {
  const label = fieldOf(value, 'label');
  const cidr = spokenCidr(text(value, 'cidr'));
  return rangeName({ cidr, label: typeof label === 'string' ? label : '' });
}

function modeName(value: unknown): string {
  const mode = modeSchema.safeParse(fieldOf(value, 'mode'));
  return mode.success ? t(`words.mode_${mode.data}`) : UNKNOWN;
}

export interface FactChange {
  readonly name: string;
  /** In words; null if there was no value. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Fields of the service's own bookkeeping, which say nothing about what a person did. */
const NOISE: ReadonlySet<string> = new Set(['id', 'version', 'uses', 'lastUsedAt', 'revision']);

/** Lists the facts that an event changed; all of them if something was created or removed. */
export function factChanges(
  { before, after }: AuditEvent,
  keyName: (id: string) => string,
): readonly FactChange[] {
  const names = [...new Set([...namesIn(before), ...namesIn(after)])].filter((name) => !NOISE.has(name));
  return names.flatMap((name): FactChange[] => {
    const [was = null, is = null] = [before, after].map((side) => {
      const fact = fieldOf(side, name);
      return name === 'keyId' && typeof fact === 'string' ? keyName(fact) : factWords(fact);
    });
    return was === is ? [] : [{ name: FACT_NAMES[name] ?? spacedOut(name), before: was, after: is }];
  });
}

function namesIn(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

function factWords(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string') return TIME.test(value) ? formatDateTime(value) : value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return value.length === 0 ? null : value.join(', ');
  }
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

const FACT_NAMES: Readonly<Record<string, string>> = { cidr: 'Range', ip: 'Address', keyId: 'API key' };

/** Turns `expiresAt` into `Expires at`. */
function spacedOut(name: string): string {
  return capital(name.replace(/[A-Z]/g, (upper) => ` ${upper.toLowerCase()}`));
}
