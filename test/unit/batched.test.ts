import { describe, expect, it } from 'vitest';
import { createBatched } from '#shared/async/batched';

describe('a batched lookup', () => {
  const lookup = () => {
    const asked: (readonly number[])[] = [];
    const finish: (() => void)[] = [];
    const find = createBatched((keys: readonly number[]) => {
      asked.push(keys);
      return new Promise<ReadonlyMap<number, string>>((resolve) => {
        finish.push(() =>
          resolve(new Map(keys.filter((key) => key > 0).map((key) => [key, `value ${key}`]))),
        );
      });
    });
    return { asked, finish, find };
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('asks for all at once, each once, and gives everybody their own', async () => {
    const { asked, finish, find } = lookup();
    const found = Promise.all([find(1), find(2), find(1), find(-3)]);
    await turn();
    expect(asked).toEqual([[1, 2, -3]]);
    finish[0]?.();
    expect(await found).toEqual(['value 1', 'value 2', 'value 1', undefined]);
  });

  it('answers a question from a lookup that began after it', async () => {
    const { asked, finish, find } = lookup();
    const first = find(1);
    await turn();
    const second = find(1);
    const third = find(2);
    await turn();
    expect(asked).toEqual([[1]]);
    finish[0]?.();
    await first;
    await turn();
    expect(asked).toEqual([[1], [1, 2]]);
    finish[1]?.();
    expect(await second).toBe('value 1');
    expect(await third).toBe('value 2');
  });

  it('fails for those who asked, and goes on', async () => {
    let isBroken = true;
    const find = createBatched((keys: readonly number[]) =>
      isBroken ? Promise.reject(new Error('away')) : Promise.resolve(new Map(keys.map((key) => [key, key]))),
    );
    await expect(Promise.all([find(1), find(2)])).rejects.toThrow('away');
    isBroken = false;
    expect(await find(1)).toBe(1);
  });
});
