import { beforeEach, describe, expect, it } from 'vitest';
import { beginTurn, breatheInTurn, othersFirst } from '#service/breather';

/** Whether somebody else has had a turn when the breath is over. */
const breathed = async (breathe: () => Promise<void> | undefined): Promise<boolean> => {
  let hadTurn = false;
  setImmediate(() => {
    hadTurn = true;
  });
  await breathe();
  return hadTurn;
};

describe('small works that come one after the other', () => {
  beforeEach(othersFirst);

  it('have their time within one turn, and then everybody else has theirs', async () => {
    expect(breatheInTurn(0)).toBeUndefined();
    expect(await breathed(() => breatheInTurn(0))).toBe(true);
  });

  it('count the time from the first of the turn', async () => {
    const startedAt = beginTurn();
    expect(beginTurn()).toBe(startedAt);
    expect(await breathed(() => breatheInTurn(0))).toBe(true);
    expect(beginTurn()).toBeGreaterThan(startedAt);
  });

  it('wait for nobody while there is time', () => {
    for (let work = 0; work < 1_000; work += 1) {
      expect(breatheInTurn(Number.POSITIVE_INFINITY)).toBeUndefined();
    }
  });

  it('begin anew after a turn of somebody else, so that what comes alone never waits', async () => {
    for (let work = 0; work < 5; work += 1) {
      expect(breatheInTurn(0)).toBeUndefined();
      await othersFirst();
    }
  });
});
