import { afterEach, describe, expect, it } from 'vitest';
import {
  answeringOf,
  notAnswering,
  setAnswering,
  setAnswers,
  useAnswers,
} from '../../../renderer/src/stores/answers';
import { ulid } from '../../component/builders';

afterEach(() => {
  useAnswers.setState(useAnswers.getInitialState(), true);
});

describe('the answers that a window remembers', () => {
  it('are changed piece by piece', () => {
    setAnswering(ulid(1), { step: 'deny' });
    setAnswering(ulid(1), { version: 2 });
    expect(answeringOf(ulid(1))).toEqual({ ...notAnswering, step: 'deny', version: 2 });
  });

  it('are the 2,000 that changed last, one by one or many at once', () => {
    const many = Array.from({ length: 2_000 }, (_, index) => ulid(index));
    setAnswers(new Map(many.map((id, version) => [id, { ...notAnswering, version }])));
    setAnswering(ulid(0), { takenBack: true });
    setAnswering(ulid(2_000), { version: 2_000 });
    const { byReview } = useAnswers.getState();
    expect(byReview.size).toBe(2_000);
    expect(answeringOf(ulid(0))).toMatchObject({ version: 0, takenBack: true });
    expect(byReview.has(ulid(1))).toBe(false);
    expect([...byReview.keys()].at(-1)).toBe(ulid(2_000));
  });
});
