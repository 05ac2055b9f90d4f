import { expect, it } from 'vitest';
import { together } from '#shared/async/together';

it('fails with the first reason, but not before every statement is done', async () => {
  const ended: string[] = [];
  const statement = async (name: string, turns: number, error?: Error): Promise<void> => {
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    ended.push(name);
    if (error !== undefined) throw error;
  };
  const all = together([
    statement('slow', 20),
    statement('aborted', 10, new Error('the transaction is aborted')),
    statement('broken', 1, new Error('no such range')),
  ]);
  await expect(all).rejects.toThrow('no such range');
  expect(ended).toEqual(['broken', 'aborted', 'slow']);
});
