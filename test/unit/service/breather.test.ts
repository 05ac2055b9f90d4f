import { describe, expect, it } from 'vitest';
import { createTurnBreather, othersFirst } from '#service/breather';

/** Whether somebody else has had a turn when the breath is over. */
const breathed = async (breathe: () => Promise<void> | undefined): Promise<boolean> => {
  let hadTurn = false;
  setImmediate(() => {
    hadTurn = true;
  });
  await breathe();
  return hadTurn;
};

describe('the breather of many short works', () => {
  it('lets them have their time within one turn, and then everybody else theirs', async () => {
    const breathe = createTurnBreather(0);
    expect(breathe()).toBeUndefined();
    expect(await breathed(breathe)).toBe(true);
  });

  it('costs nothing while there is time', () => {
    const breathe = createTurnBreather(Number.POSITIVE_INFINITY);
    for (let work = 0; work < 1_000; work += 1) expect(breathe()).toBeUndefined();
  });

  it('begins anew after a turn of somebody else, so that what comes alone never waits', async () => {
    const breathe = createTurnBreather(0);
    for (let work = 0; work < 5; work += 1) {
      expect(breathe()).toBeUndefined();
      await othersFirst();
    }
  });
});
