import { describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { readScope } from '../../../renderer/src/domain/answer';
import {
  answeredLately,
  answeredOf,
  draftOf,
  isSeenOpenAgain,
  isWiderThanSuggested,
} from '../../../renderer/src/features/pending/model';
import { byWeight } from '../../../renderer/src/forms/evidence-list';
import { type Answering, notAnswering } from '../../../renderer/src/stores/answers';
import { UNDO_MS } from '../../../renderer/src/stores/batch';
import type { Heard } from '../../../renderer/src/stores/settled';
import { emptyAnswerDraft } from '../../../renderer/src/stores/ui';
import { NOW, OPERATION_ID, review, ulid } from '../../component/builders';

const nowMs = NOW.getTime();
const asked = review();
const habit = { scope: 'subnet', duration: 'forever', thisKeyOnly: true } as const;

describe('the choices for a review', () => {
  it('are those of the last answer with what was changed by hand', () => {
    expect(draftOf(asked, habit, {})).toEqual({ ...emptyAnswerDraft, ...habit });
    expect(draftOf(asked, habit, { duration: 'hour' })).toMatchObject({ scope: 'subnet', duration: 'hour' });
  });

  it('are the address alone where its subnet is nothing more', () => {
    expect(draftOf({ ...asked, suggestedCidr: '203.0.113.9/32' }, habit, {}).scope).toBe('address');
  });

  it.each([
    ['203.0.112.0/23', 'day'],
    ['203.0.113.0/24', 'forever'],
    ['203.0.113.9', 'forever'],
    ['not a range', 'forever'],
  ])('do not let a wide range of one’s own in for good by themselves: %s', (ownText, duration) => {
    expect(draftOf(asked, habit, { scope: 'own', ownText }).duration).toBe(duration);
    expect(draftOf(asked, habit, { scope: 'own', ownText, duration: 'forever' }).duration).toBe('forever');
  });

  it('know a wide IPv6 range by the subnet that is suggested', () => {
    const six = review({ ip: '2001:db8::7', suggestedCidr: '2001:db8::/64' });
    const reading = (ownText: string) => readScope(six, { ...emptyAnswerDraft, scope: 'own', ownText });
    expect(isWiderThanSuggested(six, reading('2001:db8::/63'))).toBe(true);
    expect(isWiderThanSuggested(six, reading('2001:db8::/64'))).toBe(false);
  });
});

describe('how a review stands', () => {
  const denied: Review = { ...asked, status: 'denied', version: 2 };
  const own: Answering = {
    ...notAnswering,
    version: 2,
    endedAtMs: nowMs,
    ending: {
      kind: 'denied',
      keptOut: false,
      keyUpdated: false,
      progress: { operationId: OPERATION_ID },
    },
  };
  const heard = (entity: Review, id = OPERATION_ID, heardAtMs = nowMs): readonly [string, Heard] => [
    id,
    { id, outcome: 'applied', entity, enforcedAt: NOW.toISOString(), heardAtMs },
  ];
  const none = new Map<string, Heard>();

  it('is answered before the news of the own answer is here', () => {
    expect(answeredOf(asked, own, none).ending?.kind).toBe('denied');
  });

  it.each([
    ['taken back here', asked, { ...own, takenBack: true }, none],
    [
      'taken back before it was sent',
      asked,
      own,
      new Map([[OPERATION_ID, { id: OPERATION_ID, outcome: 'undone', heardAtMs: nowMs } as const]]),
    ],
    ['opened again by somebody else', { ...asked, version: 3 }, own, none],
  ])('is open again when the answer was %s', (_how, now, answering, settled) => {
    expect(answeredOf(now, answering, settled)).toMatchObject({ ending: null, undo: null });
  });

  it('is answered by this console where its own edit did it, and else by somebody', () => {
    expect(answeredOf(denied, notAnswering, new Map([heard(denied)]))).toMatchObject({
      ending: { kind: 'here' },
      undo: { operationId: OPERATION_ID, untilMs: nowMs + UNDO_MS },
    });
    // Taken back, and then denied by somebody else.
    const opened = new Map([heard(denied), heard({ ...asked, version: 3 }, ulid(901))]);
    expect(answeredOf({ ...denied, version: 4 }, notAnswering, opened)).toMatchObject({
      ending: { kind: 'elsewhere' },
      undo: null,
    });
  });

  it('after it was open again ends with the answer that stands then, whoever gave it', () => {
    const reopened: Answering = { ...own, reopened: true };
    expect(answeredOf(asked, reopened, none)).toMatchObject({ ending: null, undo: null });
    expect(answeredOf({ ...denied, version: 4 }, reopened, none)).toMatchObject({
      ending: { kind: 'elsewhere' },
      undo: null,
    });
    const second = new Map([heard(denied, ulid(901))]);
    expect(answeredOf(denied, reopened, second).ending).toMatchObject({ kind: 'here' });
    // To take it back was refused.
    expect(answeredOf(denied, reopened, new Map([heard(denied)]))).toMatchObject({
      ending: own.ending,
      undo: { operationId: OPERATION_ID },
    });
  });

  it.each([
    ['after Undo', asked, { ...own, takenBack: true }, true],
    ['after Undo of an answer given elsewhere', asked, { ...notAnswering, takenBack: true }, true],
    ['after somebody else opened it', { ...asked, version: 3 }, own, true],
    ['once that is known', asked, { ...own, reopened: true }, false],
    ['before the news of the own answer', asked, own, false],
    ['before the news of the Undo', denied, { ...own, takenBack: true }, false],
    ['where nobody answered', asked, notAnswering, false],
  ])('shows for the first time that it is open again: %s', (_when, now, answering, expected) => {
    expect(isSeenOpenAgain(now, answeredOf(now, answering, none))).toBe(expected);
  });

  it('is answered with others, and can be taken back though nobody knows the id of its operation', () => {
    const together: Answering = { ...own, ending: { kind: 'together', answer: 'deny' } };
    const undo = { operationId: null, untilMs: nowMs + UNDO_MS };
    expect(answeredOf(asked, together, none)).toMatchObject({ ending: together.ending, undo });
    expect(answeredOf(denied, together, new Map([heard(denied)]))).toMatchObject({
      ending: together.ending,
      settled: { outcome: 'applied' },
      undo,
    });
    // Another answer settled it, or somebody else was first.
    expect(answeredOf({ ...denied, status: 'superseded' }, together, none)).toMatchObject({
      ending: { kind: 'elsewhere' },
      undo: null,
    });
  });

  it('is no ending while the own answer is on its way', () => {
    expect(answeredOf(denied, { ...notAnswering, step: 'deny' }, none).ending).toBeNull();
  });

  it('lists what can be undone, the latest first', () => {
    const other: Review = { ...denied, id: ulid(201) };
    const old: Review = { ...denied, id: ulid(202) };
    const reviews = new Map([asked, denied, other, old].map((each) => [each.id, each]));
    const settled = new Map([
      heard(denied, OPERATION_ID, nowMs - 5_000),
      heard(other, ulid(901), nowMs - 1_000),
      heard(old, ulid(902), nowMs - UNDO_MS),
    ]);
    expect(answeredLately(reviews, new Map(), settled, nowMs)).toEqual([other, denied]);
  });
});

it('evidence comes by its weight, whichever way it leans', () => {
  const piece = (signal: string, weight: number) => ({ signal, weight, detail: signal });
  const sorted = byWeight([piece('a', 1), piece('b', -5), piece('c', 3), piece('d', -1)]);
  expect(sorted.map(({ signal }) => signal)).toEqual(['b', 'c', 'a', 'd']);
});
