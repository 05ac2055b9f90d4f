import { type AuditEvent, modeSchema } from '#shared/domain/entities';
import { sentencesInWords, sentencesSchema } from '#shared/domain/sentence';
import { sourceSchema } from '#shared/domain/source';
import { sourceName, subjectWords } from '#shared/domain/source-words';
import { activity } from '#shared/i18n/en/activity';
import { t } from '#shared/i18n/t';
import { capital, formatDateTime } from '../ui/format';
import { choiceWords } from './protection-words';
import { rangeName, spokenCidr } from './range-words';

/** Describes the event without its author. An action that this version does not know keeps the service's name. */
export function auditWords({ action, before, after }: AuditEvent): string {
  const say = SENTENCES[action];
  return say === undefined ? action : say(after ?? before, before);
}

/** Returns the author of the event. The service's own changes are under a name that is not for people. */
export function authorName({ actor }: AuditEvent): string {
  return actor.kind === 'system' ? t('activity.by_system') : actor.name;
}

const subjectSchema = sourceSchema.pick({ kind: true, spec: true });
const sourceNameSchema = sourceSchema.pick({ label: true, kind: true, spec: true });

type Sentence = (about: unknown, before: unknown) => string;

const SENTENCES: Readonly<Record<string, Sentence>> = {
  'range.add': (range) =>
    t(fieldOf(range, 'effect') === 'deny' ? 'activity.rangeDenied' : 'activity.rangeAuthorized', {
      range: rangeIn(range),
    }),
  'range.update': (range) => t('activity.rangeChanged', { range: rangeIn(range) }),
  'range.remove': (range) => t('activity.rangeRemoved', { range: rangeIn(range) }),
  'ranges.import': (outcome) => t('activity.rangesImported', { number: numberIn(outcome, 'added') }),
  'review.authorized': (review) => t('activity.reviewAuthorized', addressAndKey(review)),
  'review.denied': (review) => t('activity.reviewDenied', addressAndKey(review)),
  'review.superseded': (review) => t('activity.reviewSuperseded', addressAndKey(review)),
  'review.proposal_declined': (review) => t('activity.proposalDeclined', addressAndKey(review)),
  'review.reopened': (review) => t('activity.reviewReopened', addressAndKey(review)),
  'review.expired': (review) => t('activity.reviewExpired', addressAndKey(review)),
  'mode.set': (mode, before) => t('activity.modeSet', { before: modeName(before), after: modeName(mode) }),
  'account.update': () => t('activity.accountChanged'),
  'key.create': (key) => t('activity.keyCreated', { name: text(key, 'name') }),
  'key.update': (key) => t('activity.keyChanged', { name: text(key, 'name') }),
  'key.rotate': (key) => t('activity.keyRotated', { name: text(key, 'name') }),
  'key.revoke': (key) => t('activity.keyRevoked', { name: text(key, 'name') }),
  'source.add': (source) => t('activity.sourceAdded', { name: sourceIn(source) }),
  'source.update': (source, before) => t(sourceChange(source, before), { name: sourceIn(source) }),
  'source.remove': (source) => t('activity.sourceRemoved', { name: sourceIn(source) }),
  'source.refresh': (change) =>
    t('activity.sourceRefreshed', {
      name: sourceIn(change),
      added: numberIn(change, 'added'),
      dropped: numberIn(change, 'dropped'),
    }),
  'source.fail': (change) =>
    t(fieldOf(change, 'status') === 'shrunk' ? 'activity.sourceShrunk' : 'activity.sourceFailed', {
      name: sourceIn(change),
    }),
  'source.recover': (change) => t('activity.sourceRecovered', { name: sourceIn(change) }),
  'user.create': (user) => t('activity.userAdded', { email: text(user, 'email') }),
  'user.update': (user) => t('activity.userChanged', { email: text(user, 'email') }),
  'user.remove': (user) => t('activity.userRemoved', { email: text(user, 'email') }),
  'token.create': (token) => t('activity.tokenCreated', nameAndUser(token)),
  'token.remove': (token) => t('activity.tokenRemoved', nameAndUser(token)),
};

function addressAndKey(review: unknown) {
  return { ip: text(review, 'ip'), key: text(review, 'keyName') };
}

function nameAndUser(token: unknown) {
  return { name: text(token, 'name'), user: text(token, 'user') };
}

/** Events of sources hold their label, and the kind and specification by which one without a label is known. */
function sourceIn(value: unknown): string {
  const [label, kind, spec] = ['label', 'kind', 'spec'].map((name) => fieldOf(value, name));
  const named = sourceNameSchema.safeParse({ label, kind, spec });
  return named.success ? sourceName(named.data) : t('activity.something');
}

function subjectIn(value: unknown): string | null {
  const subject = subjectSchema.safeParse(value);
  return subject.success ? subjectWords(subject.data) : null;
}

function errorIn(value: unknown): string | null {
  const words = sentencesSchema.parse(fieldOf(value, 'errorWords'));
  return sentencesInWords(words) ?? factWords('error', fieldOf(value, 'error'));
}

function sourceChange(after: unknown, before: unknown) {
  const [was, is] = [before, after].map((side) => fieldOf(side, 'status') === 'paused');
  if (was === is) return 'activity.sourceChanged';
  return is === true ? 'activity.sourcePaused' : 'activity.sourceResumed';
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function text(value: unknown, name: string): string {
  const field = fieldOf(value, name);
  return typeof field === 'string' && field !== '' ? field : t('activity.something');
}

function numberIn(value: unknown, name: string): string | number {
  const field = fieldOf(value, name);
  return typeof field === 'number' ? field : t('activity.some');
}

function rangeIn(value: unknown): string {
  const label = fieldOf(value, 'label');
  const cidr = spokenCidr(text(value, 'cidr'));
  return rangeName({ cidr, label: typeof label === 'string' ? label : '' });
}

function modeName(value: unknown): string {
  const mode = modeSchema.safeParse(fieldOf(value, 'mode'));
  if (!mode.success) return t('activity.something');
  return choiceWords({ mode: mode.data, reportOnly: fieldOf(value, 'reportOnly') === true });
}

export interface FactChange {
  readonly name: string;
  /** In words; null if there was no value. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Fields of the service's own bookkeeping, which say nothing about what a person did. */
const NOISE: ReadonlySet<string> = new Set([
  'id',
  'version',
  'uses',
  'lastUsedAt',
  'revision',
  // Of sources, which tell their refreshes in events of their own.
  'at',
  'nextAt',
  'lastTriedAt',
  'lastOkAt',
  'lastError',
  'lastErrorWords',
  'errorWords',
  'lastErrorCode',
  'lastChange',
]);

/** Lists the facts that an event changed; all of them if something was created or removed. */
export function factChanges(
  { before, after }: AuditEvent,
  keyName: (id: string) => string,
): readonly FactChange[] {
  const names = [...new Set([...namesIn(before), ...namesIn(after)])].filter((name) => !NOISE.has(name));
  return names.flatMap((name): FactChange[] => {
    const [was = null, is = null] = [before, after].map((side) => {
      const fact = fieldOf(side, name);
      if (name === 'spec') return subjectIn(side);
      if (name === 'error') return errorIn(side);
      return name === 'keyId' && typeof fact === 'string' ? keyName(fact) : factWords(name, fact);
    });
    return was === is ? [] : [{ name: factText(name) ?? spacedOut(name), before: was, after: is }];
  });
}

function namesIn(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

function factWords(name: string, value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string') {
    return TIME.test(value) ? formatDateTime(value) : (factText(`${name}_${value}`) ?? value);
  }
  if (typeof value === 'boolean') return t(value ? 'activity.yes' : 'activity.no');
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return value.length === 0 ? null : value.map((item) => factWords(name, item)).join(', ');
  }
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

type FactName = Extract<keyof typeof activity, `fact_${string}`>;

/** Returns undefined for a fact that this version has no words for. */
function factText(name: string): string | undefined {
  const key = `fact_${name}`;
  return isFactName(key) ? t(`activity.${key}`) : undefined;
}

function isFactName(key: string): key is FactName {
  return key.startsWith('fact_') && Object.hasOwn(activity, key);
}

/** Turns `expiresAt` into `Expires at`. */
function spacedOut(name: string): string {
  return capital(name.replace(/[A-Z]/g, (upper) => ` ${upper.toLowerCase()}`));
}
