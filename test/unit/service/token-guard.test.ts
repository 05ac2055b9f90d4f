import { describe, expect, it } from 'vitest';
import { TokenGuard } from '#service/http/token-guard';
import { manualClock } from '#test/support/manual-clock';

/** What a guess came to: right, wrong, or how long it has to wait without having been checked. */
type Told = 'right' | 'wrong' | number;

const RIGHT = 'right';

const guess = async (guard: TokenGuard, caller: string, token = 'wrong'): Promise<Told> => {
  const guessed = await guard.guess({
    caller,
    tokenHash: token,
    find: () => Promise.resolve(token === RIGHT),
    isRight: (isRight) => isRight,
  });
  if (guessed.kind === 'wait') return guessed.seconds;
  return guessed.found ? 'right' : 'wrong';
};
const guessInRow = async (guard: TokenGuard, caller: string, count: number): Promise<Told[]> => {
  const told: Told[] = [];
  for (let n = 0; n < count; n += 1) told.push(await guess(guard, caller));
  return told;
};

const A = '192.0.2.1';
const B = '192.0.2.2';

describe('the token guard', () => {
  it('costs nothing at first, then doubles the wait up to fifteen minutes', async () => {
    const clock = manualClock();
    const guard = new TokenGuard(clock);
    expect(await guessInRow(guard, A, 8)).toEqual([...Array.from({ length: 6 }, () => 'wrong'), 1, 1]);
    const waits: Told[] = [];
    for (let n = 0; n < 14; n += 1) {
      const wait = await guess(guard, A);
      waits.push(wait);
      clock.advance(Number(wait) * 1_000);
      expect(await guess(guard, A)).toBe('wrong');
    }
    expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8]);
    expect(waits.at(-1)).toBe(900);
  });

  it('looks at as few of many guesses at once as of many in a row', async () => {
    const guard = new TokenGuard(manualClock());
    const told = await Promise.all(Array.from({ length: 400 }, (_, n) => guess(guard, A, `wrong ${n}`)));
    expect(told.filter((one) => one === 'wrong')).toHaveLength(6);
    expect(told.filter((one) => one === 1)).toHaveLength(394);
  });

  it('lets in everybody who is right, also when many come at once for the first time', async () => {
    const guard = new TokenGuard(manualClock());
    const told = await Promise.all(Array.from({ length: 50 }, () => guess(guard, A, RIGHT)));
    expect(new Set(told)).toEqual(new Set(['right']));
  });

  it('makes nobody else wait, nor behind one whose check takes long', async () => {
    const guard = new TokenGuard(manualClock());
    await guessInRow(guard, A, 10);
    expect(await guess(guard, B)).toBe('wrong');
    const never = new Promise<boolean>(() => undefined);
    void guard.guess({ caller: A, tokenHash: 'x', find: () => never, isRight: () => true });
    expect(await guess(guard, B, RIGHT)).toBe('right');
  });

  it('counts the addresses of an IPv6 /64 as one, and those of IPv4 each', async () => {
    const guard = new TokenGuard(manualClock());
    const told: Told[] = [];
    for (let n = 1; n <= 40; n += 1) told.push(await guess(guard, `2001:db8:1:2::${n.toString(16)}`));
    expect(told.filter((one) => one === 'wrong')).toHaveLength(6);
    expect(await guess(guard, '2001:db8:1:2:ffff::')).toBe(1);
    expect(await guess(guard, '2001:db8:1:3::1')).toBe('wrong');
    for (let n = 1; n <= 40; n += 1) expect(await guess(guard, `198.51.100.${n}`)).toBe('wrong');
    // However it is written.
    await guessInRow(guard, '203.0.113.1', 6);
    expect(await guess(guard, '::ffff:203.0.113.1')).toBe(1);
  });

  it('keeps letting in what was right from the same guesser before, and nothing else', async () => {
    const guard = new TokenGuard(manualClock());
    await guess(guard, A, RIGHT);
    await guessInRow(guard, A, 10);
    expect(await guess(guard, A, RIGHT)).toBe('right');
    expect(await guess(guard, A, 'other')).toBe(1);
    // From elsewhere in its /64 a token stays known.
    await guess(guard, '2001:db8::1', RIGHT);
    await guessInRow(guard, '2001:db8::2', 10);
    expect(await guess(guard, '2001:db8::3', RIGHT)).toBe('right');
  });

  it('does not know a token any more that has become wrong', async () => {
    const guard = new TokenGuard(manualClock());
    let isValid = true;
    const show = () =>
      guard.guess({
        caller: A,
        tokenHash: 'h',
        find: () => Promise.resolve(isValid),
        isRight: (isRight) => isRight,
      });
    await show();
    isValid = false;
    for (let n = 0; n < 6; n += 1) expect(await show()).toMatchObject({ kind: 'checked' });
    expect(await show()).toMatchObject({ kind: 'wait' });
  });

  it('counts nothing where the database could not say', async () => {
    const guard = new TokenGuard(manualClock());
    const find = () => Promise.reject(new Error('no database'));
    for (let n = 0; n < 10; n += 1) {
      await expect(
        guard.guess({ caller: A, tokenHash: `${n}`, find, isRight: () => true }),
      ).rejects.toThrow();
    }
    expect(await guess(guard, A)).toBe('wrong');
  });

  it('forgets a guesser after an hour of quiet', async () => {
    const clock = manualClock();
    const guard = new TokenGuard(clock);
    await guessInRow(guard, A, 6);
    clock.advance(3_600_001);
    expect(await guessInRow(guard, A, 6)).not.toContain(1);
  });

  it('does not forget who waits in a flood of single guesses, and remembers a bounded number', async () => {
    const guard = new TokenGuard(manualClock());
    const other = (n: number): string => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
    await guessInRow(guard, A, 6);
    await guess(guard, B);
    for (let n = 0; n < 10_000; n += 1) await guess(guard, other(n));
    expect(await guess(guard, A)).toBe(1);
    // One guess of this one was forgotten.
    expect(await guessInRow(guard, B, 6)).not.toContain(1);
    for (let n = 0; n < 10_000; n += 1) await guessInRow(guard, other(n), 6);
    expect(await guess(guard, A)).toBe('wrong');
  });
});
