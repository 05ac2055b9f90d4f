import { describe, expect, it } from 'vitest';
import { makeAuditEvent, makeKey, makeRange, makeReview } from '#test/support/console/builders';
import { setLanguage } from '#shared/i18n/language';
import { auditWords, factChanges } from '../../../renderer/src/domain/audit-words';
import { formatDateTime } from '../../../renderer/src/ui/format';

const range = makeRange({ cidr: '192.0.2.1/32', label: 'Partner' });
const review = makeReview({ ip: '203.0.113.9', keyName: 'Batch' });

describe('what was done', () => {
  it.each([
    ['range.add', null, { ...range, effect: 'deny' }, 'Denied 192.0.2.1 (Partner)'],
    ['range.remove', range, null, 'Removed 192.0.2.1 (Partner)'],
    ['review.authorized', review, review, 'Authorized 203.0.113.9 for “Batch”'],
    ['review.reopened', review, review, 'Reopened the review of 203.0.113.9'],
    [
      'mode.set',
      { mode: 'manual' },
      { mode: 'deactivated' },
      'Switched protection from Manual to Deactivated',
    ],
    ['key.rotate', makeKey(), makeKey({ name: 'Batch' }), 'Gave the key “Batch” a new secret'],
    [
      'token.create',
      null,
      { name: 'Laptop', user: 'jo@example.com' },
      'Made the access token “Laptop” for jo@example.com',
    ],
    // What a newer service does keeps its word, and what is not as expected breaks nothing.
    ['range.split', null, null, 'range.split'],
    ['range.add', null, 'nonsense', 'Authorized something'],
  ])('%s is said in words', (action, before, after, words) => {
    expect(auditWords(makeAuditEvent({ action, before, after }))).toBe(words);
  });
});

const keyName = (id: string): string => `Name of ${id}`;

describe('what was different afterwards', () => {
  it('is told fact by fact, times and lists in words', () => {
    const at = '2026-01-15T12:00:00.000Z';
    const before = {
      keyId: null,
      expiresAt: null,
      permissions: ['api_keys', 'authorized_ips'],
      on: true,
      version: 1,
    };
    const after = { keyId: 'a key', expiresAt: at, permissions: [], on: false, version: 2 };
    expect(factChanges(makeAuditEvent({ before, after }), keyName)).toEqual([
      { name: 'API key', before: null, after: 'Name of a key' },
      { name: 'Expires at', before: null, after: formatDateTime(at) },
      { name: 'Permissions', before: 'API keys, Authorized IPs', after: null },
      { name: 'On', before: 'yes', after: 'no' },
    ]);
  });

  it('is everything of what came, and nothing where nothing is recorded', () => {
    expect(
      factChanges(makeAuditEvent({ before: null, after: { name: 'Batch', note: '' } }), keyName),
    ).toEqual([{ name: 'Name', before: null, after: 'Batch' }]);
    expect(factChanges(makeAuditEvent(), keyName)).toEqual([]);
  });

  it('says in the language of the console why a source failed, if the service told it in words that are known', () => {
    const error = 'list.example answered 503.';
    const errorWords = [{ text: 'hostAnswered', values: { host: 'list.example', status: '503' } }];
    const errorOf = (after: object) => factChanges(makeAuditEvent({ before: {}, after }), keyName)[0]?.after;
    setLanguage('fr');
    expect(errorOf({ error, errorWords })).toBe('list.example a répondu 503.');
    expect(errorOf({ error, errorWords: [{ text: 'ofTomorrow', values: {} }] })).toBe(error);
    expect(errorOf({ error })).toBe(error);
    setLanguage('en');
  });
});
