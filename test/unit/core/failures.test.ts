import { afterEach, describe, expect, it } from 'vitest';
import { answerFailure } from '#electron/core/api/answer-failure';
import { networkFailure } from '#electron/core/api/network-failure';
import { asFailure } from '#electron/core/outbox/plan-operation';
import { alreadyDecided } from '#shared/domain/answer-review';
import { sentence } from '#shared/domain/sentence';
import { setLanguage } from '#shared/i18n/language';
import { refusalWords } from '#shared/ipc/refusal-words';
import { makeRange, makeReview } from '#test/support/console/builders';

const HOST = 'gatehouse.example:443';
const ROUTE = { kind: 'proxy', proxy: 'proxy.example:3128', namedBy: 'HTTPS_PROXY', code: '407' } as const;
const NOW_MS = Date.parse('2026-01-15T12:00:00Z');

describe('a call that got no answer', () => {
  it.each([
    ['ECONNREFUSED', /nothing answers at gatehouse\.example:443/i],
    ['ENOTFOUND', /name of gatehouse\.example:443 is not known/i],
    ['EAI_AGAIN', /is this computer online/i],
    ['ETIMEDOUT', /did not answer in time/i],
    ['ECONNABORTED', /did not answer in time/i],
    ['ECONNRESET', /closed before there was an answer/i],
    ['EHOSTUNREACH', /cannot be reached from this network/i],
    ['CERT_HAS_EXPIRED', /certificate of .* has expired/i],
    ['CERT_NOT_YET_VALID', /not valid yet/i],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /signed by itself/i],
    ['SELF_SIGNED_CERT_IN_CHAIN', /signed by itself/i],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /authority that this computer does not trust/i],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /made for another name/i],
    ['CERT_REVOKED', /was refused \(CERT_REVOKED\)/],
    ['EPROTO', /no encrypted connection to .* nothing was sent/i],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /no encrypted connection/i],
    ['ESOMETHINGNEW', /cannot be reached \(ESOMETHINGNEW\)/],
  ])('is unreachable, in a sentence for %s', (code, sentence) => {
    const failure = networkFailure({ code, message: 'raw text' }, HOST);
    expect(failure.kind).toBe('unreachable');
    expect(failure.message).toMatch(sentence);
    expect(failure.message).not.toContain('raw text');
    expect(failure.message).not.toContain('http://');
  });

  it('is the service’s fault when something else than HTTP or far too much came back', () => {
    expect(networkFailure({ code: 'HPE_INVALID_CONSTANT', message: '' }, HOST)).toMatchObject({
      kind: 'service',
      code: 'not_http',
    });
    const tooLarge = { code: 'ERR_BAD_RESPONSE', message: 'maxContentLength size of 5 exceeded' };
    expect(networkFailure(tooLarge, HOST)).toMatchObject({ kind: 'service', code: 'answer_too_large' });
  });
});

describe('an answer with an error status', () => {
  const answer = (status: number, problem?: Record<string, unknown>, retryAfter?: string) =>
    answerFailure(
      {
        status,
        retryAfter,
        text:
          problem === undefined
            ? '<html>'
            : JSON.stringify({
                type: 'about:blank',
                title: 'T',
                status,
                detail: 'What happened.',
                ...problem,
              }),
      },
      HOST,
      NOW_MS,
    );

  it.each([
    [
      401,
      { code: 'unauthorized' },
      { kind: 'unauthorized', code: 'unauthorized', message: 'What happened.' },
    ],
    [401, { code: 'token_expired' }, { kind: 'unauthorized', code: 'token_expired' }],
    [401, undefined, { kind: 'unauthorized', code: 'unauthorized' }],
    [
      403,
      { code: 'forbidden', required: 'api_keys' },
      { kind: 'forbidden', required: 'api_keys', message: 'What happened.' },
    ],
    [403, undefined, { kind: 'forbidden', required: '' }],
    [404, { code: 'not_found' }, { kind: 'conflict', code: 'not_found', current: null }],
    [404, undefined, { kind: 'service', code: 'not_gatehouse' }],
    [409, { code: 'already_decided' }, { kind: 'conflict', code: 'already_decided' }],
    [422, { code: 'invalid_cidr', field: 'cidr' }, { kind: 'invalid', code: 'invalid_cidr', field: 'cidr' }],
    [
      400,
      { code: 'invalid_request', errors: [{ field: 'label', message: 'm' }] },
      { kind: 'invalid', field: 'label' },
    ],
    [413, { code: 'payload_too_large', field: 'body' }, { kind: 'invalid', field: 'body' }],
    [500, { code: 'internal' }, { kind: 'service', code: 'internal', message: 'What happened.' }],
    [500, undefined, { kind: 'service', code: 'http_500' }],
    [503, { code: 'unavailable' }, { kind: 'unreachable', message: 'What happened.' }],
    [
      503,
      { code: 'unavailable', service: { state: 'refusing', why: 'Its disk is full.' } },
      { kind: 'unreachable', service: { state: 'refusing', why: 'Its disk is full.' } },
    ],
    [502, undefined, { kind: 'unreachable' }],
    [302, undefined, { kind: 'service', code: 'redirected' }],
    [418, { code: 'a_code_of_the_future' }, { kind: 'invalid', code: 'a_code_of_the_future' }],
  ] as const)('%i %o becomes %o', (status, problem, expected) => {
    expect(answer(status, problem)).toMatchObject(expected);
  });

  it('carries the entity as it stands now', () => {
    const range = makeRange();
    expect(answer(412, { code: 'stale', current: range })).toMatchObject({
      kind: 'conflict',
      current: range,
    });
    expect(answer(409, { code: 'duplicate', existing: range })).toMatchObject({ current: range });
  });

  it.each([
    ['7', 7],
    ['Thu, 15 Jan 2026 12:00:30 GMT', 30],
    ['Thu, 15 Jan 2026 11:00:00 GMT', 0],
    ['86400', 600],
    ['soon', 5],
    [undefined, 5],
  ])('reads Retry-After %s as %i seconds', (header, seconds) => {
    expect(answer(429, { code: 'too_many_attempts' }, header)).toMatchObject({
      kind: 'rate_limited',
      retryAfterSeconds: seconds,
    });
  });

  it('does not repeat an endless text', () => {
    expect(answer(500, { code: 'internal', detail: 'x'.repeat(100_000) }).message.length).toBeLessThan(1_000);
  });
});

describe('the words of a refusal', () => {
  afterEach(() => setLanguage('en'));

  it('are those of its detail in French, where the service told them and they are known', () => {
    setLanguage('fr');
    const { english, words } = sentence('importRefused', { reason: 'html' });
    const refusal = (detailWords: unknown) => {
      const told = { code: 'invalid_request', field: 'text', detail: english, detailWords };
      const text = JSON.stringify({ type: 'about:blank', title: 'Refused', status: 400, ...told });
      return answerFailure({ status: 400, retryAfter: undefined, text }, HOST, 0);
    };
    expect(refusal([words]).message).toBe(
      'La liste ne peut pas être acceptée\u00a0: c’est une page HTML. Rien n’a été ajouté.',
    );
    const newer = [{ text: 'ofTomorrow', values: {} }];
    expect(refusal(newer).message).toBe(english);
    expect(refusal('of another kind').message).toBe(english);
  });

  it('are the service’s own in English, and those of its code in French', () => {
    const stale = ['stale', 'The range was changed by somebody else.'] as const;
    const unknown = ['brand_new', 'No.'] as const;
    expect([refusalWords(...stale), refusalWords(...unknown)]).toEqual([stale[1], 'No.']);
    setLanguage('fr');
    expect([refusalWords(...stale), refusalWords(...unknown)]).toEqual([
      'Quelqu’un d’autre l’a modifié.',
      'No.',
    ]);
    expect(refusalWords('kept_by_source', 'A source keeps this range.')).toBe(
      'Une source tient cette plage à jour.',
    );
  });

  it('are the console’s where it refuses something itself', () => {
    expect(refusalWords('waited_too_long', '')).toBe('It has waited too long to be sent without asking.');
    setLanguage('fr');
    expect(refusalWords('waited_too_long', '')).toMatch(/^Elle a attendu trop longtemps/);
    const denied = makeReview({ status: 'denied', decidedBy: 'bob@example.com' });
    expect(asFailure(alreadyDecided(denied)).failure.message).toBe(
      'Cette demande a déjà reçu une réponse\u00a0: refusée par bob@example.com.',
    );
    expect(networkFailure({ code: '407', message: '', route: ROUTE }, HOST).message).toBe(
      'Le proxy proxy.example:3128 (HTTPS_PROXY) demande un nom d’utilisateur et un mot de passe, ou refuse ceux qu’il a reçus. Saisissez-les dans Réglages, Réseau.',
    );
  });
});
