import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyTally, evaluate } from '#test/bench/trust/evaluate';
import { meetsTargets, reportOf, summaryOf, verdictOf } from '#test/bench/trust/report';
import {
  createInternet,
  HONEST_SCENARIOS,
  randomFrom,
  THIEF_SCENARIOS,
  WORLD_MS,
  type Call,
} from '#test/bench/trust/world/index';

const WORLD_FOLDER = join(import.meta.dirname, '../../../bench/trust/world');

const play = (seed: string): readonly (readonly Call[])[] => {
  const internet = createInternet(seed);
  return Object.entries(HONEST_SCENARIOS).map(
    ([name, make]) => make(randomFrom(`${seed} ${name}`), internet).calls,
  );
};

describe('the generator of the trust evaluation', () => {
  it('imports nothing of the service, and so nothing of the scorer', () => {
    const files = readdirSync(WORLD_FOLDER);
    const imports = files.flatMap((file) =>
      [
        ...readFileSync(join(WORLD_FOLDER, file), 'utf8').matchAll(
          /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g,
        ),
      ].map(([, from]) => from ?? ''),
    );
    expect(imports.length).toBeGreaterThan(files.length);
    const isNoScorer = (from: string) =>
      from.startsWith('./') || ['#shared/ip/index', '#demo/traffic/random'].includes(from);
    expect(imports.filter((from) => !isNoScorer(from))).toEqual([]);
  });

  it('makes the same world from the same seed, and another from another', () => {
    const world = play('smoke');
    expect(play('smoke')).toEqual(world);
    expect(play('other')).not.toEqual(world);
  });

  it('plays the whole time, in order', () => {
    for (const calls of play('smoke')) {
      const times = calls.map(({ at }) => at);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times[0]).toBeLessThan(WORLD_MS / 10);
      expect(times.at(-1)).toBeGreaterThan(WORLD_MS * 0.9);
    }
  });

  it('is evaluated alike twice, with something in each row', () => {
    const run = () => {
      const tally = emptyTally();
      evaluate({ seed: 'smoke', data: 'country and network', accountsPerScenario: 1 }, tally);
      return tally;
    };
    const tally = run();
    expect(reportOf(run())).toEqual(reportOf(tally));
    expect([...tally.honest.keys()]).toEqual(Object.keys(HONEST_SCENARIOS));
    expect(new Set(tally.thefts.keys())).toEqual(new Set(Object.keys(THIEF_SCENARIOS)));
    expect(summaryOf(tally).withClouds.events).toBeGreaterThan(0);
    expect(summaryOf(tally).withoutClouds.events).toBeGreaterThan(0);
    expect(summaryOf(tally).stolenAddresses).toBeGreaterThan(0);
  }, 60_000);
});

describe('the targets of the evaluation', () => {
  const good = {
    withClouds: { events: 100, blocked: 10 },
    withoutClouds: { events: 100, blocked: 3 },
    thefts: 10,
    authorizedThefts: 0,
    stolenAddresses: 10,
    authorizedAddresses: 0,
  };

  it.each([
    ['met', good, true],
    ['one honest address in a cloud too many', { ...good, withClouds: { events: 100, blocked: 11 } }, false],
    ['one honest address elsewhere too many', { ...good, withoutClouds: { events: 100, blocked: 4 } }, false],
    ['no honest address elsewhere', { ...good, withoutClouds: { events: 0, blocked: 0 } }, false],
    ['one leaked key authorized', { ...good, authorizedThefts: 1 }, false],
    ['nothing measured', { ...good, thefts: 0 }, false],
  ])('%s', (_what, summary, isMet) => {
    expect(meetsTargets(summary)).toBe(isMet);
    expect(verdictOf(summary)).toContain(isMet ? 'reached' : 'MISSED');
  });
});
