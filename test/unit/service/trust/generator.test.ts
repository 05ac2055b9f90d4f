import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyTally, evaluate, type Tally } from '#test/bench/trust/evaluate';
import {
  letInEvidence,
  meetsTargets,
  missingEvidence,
  reportOf,
  summaryOf,
  verdictOf,
} from '#test/bench/trust/report';
import { isCompanyIn, isCountryIn } from '#test/bench/trust/world/half';
import {
  createInternet,
  DAY_MS,
  HONEST_SCENARIOS,
  LEARNING_MS,
  randomFrom,
  thefts,
  WORLD_MS,
  type Call,
  type Internet,
  type Owner,
} from '#test/bench/trust/world/index';
import { ACCESS, CLOUDS, HOSTERS } from '#test/bench/trust/world/networks';

const WORLD_FOLDER = join(import.meta.dirname, '../../../bench/trust/world');

let tune: Internet;
let heldOut: Internet;
beforeAll(() => {
  tune = createInternet('tune');
  heldOut = createInternet('held-out');
}, 60_000);

function owners(seed: string, internet: Internet): readonly Owner[] {
  return Object.entries(HONEST_SCENARIOS).map(([name, make]) =>
    make(randomFrom(`${seed} ${name}`), internet),
  );
}

function callsOf(seed: string, internet: Internet): readonly (readonly Call[])[] {
  return owners(seed, internet).map(({ calls }) => calls);
}

describe('the world of the trust evaluation', () => {
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
      from.startsWith('./') ||
      from.startsWith('node:') ||
      ['maxmind', '#build/networks', '#shared/ip/index', '#demo/traffic/random'].includes(from);
    expect(imports.filter((from) => !isNoScorer(from))).toEqual([]);
  });

  it('has the real addresses of networks in countries', () => {
    for (const internet of [tune, heldOut]) {
      for (const country of internet.countries) {
        const sources = [...internet.fixed(country), ...internet.mobile(country)];
        for (const { company, size } of sources) {
          expect([country, company.name, size > 10_000]).toEqual([country, company.name, true]);
        }
      }
    }
    const [germany] = tune.fixed('DE');
    const { address, place } = germany?.draw(randomFrom('one')) ?? {};
    expect(place).toEqual({
      country: 'DE',
      region: expect.stringMatching(/^DE-\d+$/) as unknown,
      asn: 3320,
      asName: 'Deutsche Telekom AG',
    });
    expect(address?.family).toBe(4);
  });

  it('splits countries, clouds and hosting companies in two, with enough in each half', () => {
    expect([...tune.countries, ...heldOut.countries].sort()).toEqual(Object.keys(ACCESS).sort());
    for (const [half, internet] of [
      ['tune', tune],
      ['held-out', heldOut],
    ] as const) {
      expect(internet.countries.length).toBeGreaterThanOrEqual(12);
      expect(internet.countries.every((country) => isCountryIn(half, country))).toBe(true);
      const rented = [...internet.regions, ...internet.hosters, ...internet.vpns, ...internet.torExits];
      expect(rented.every(({ company }) => isCompanyIn(half, company))).toBe(true);
      expect(CLOUDS.filter((company) => isCompanyIn(half, company)).length).toBeGreaterThanOrEqual(3);
      expect(HOSTERS.filter((company) => isCompanyIn(half, company)).length).toBeGreaterThanOrEqual(10);
    }
  });

  it('makes the same lives from the same seed, and others from another', () => {
    const lives = callsOf('smoke', tune);
    expect(callsOf('smoke', tune)).toEqual(lives);
    expect(callsOf('other', tune)).not.toEqual(lives);
  });

  it('plays the whole time, in order', () => {
    for (const calls of callsOf('smoke', tune)) {
      const times = calls.map(({ at }) => at);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times[0]).toBeLessThan(WORLD_MS / 10);
      expect(times.at(-1)).toBeGreaterThan(WORLD_MS * 0.9);
    }
  });

  it('robs with and without the copied agent, and counts apart what is like the owner', () => {
    const startsAt = LEARNING_MS + 7 * DAY_MS;
    for (const owner of owners('smoke', tune)) {
      const ownersCall = owner.calls.find(({ at }) => at >= startsAt);
      if (ownersCall === undefined) throw new Error('the owner has stopped calling');
      const ownersAgents = new Set(owner.calls.map(({ userAgent }) => userAgent));
      const victim = { internet: tune, owner, startsAt, ownersCall, ownersAgents };
      const stolen = thefts(victim, (name) => randomFrom(name));
      const copied = stolen.filter(({ scenario }) => scenario.endsWith('copied agent'));
      expect(copied).toHaveLength(stolen.length / 2);
      for (const { calls } of copied) {
        expect(calls.every(({ userAgent }) => userAgent === ownersCall.userAgent)).toBe(true);
      }
      const ownAddresses = copied.filter(({ scenario }) => scenario.includes("owner's own"));
      expect(ownAddresses.length).toBeGreaterThan(0);
      expect(copied.filter(({ isLikeOwner }) => isLikeOwner)).toEqual(ownAddresses);
    }
  });
});

describe('the trust evaluation', () => {
  it('comes to the same twice, with something in each row', async () => {
    const run = () =>
      evaluate({
        seed: 'smoke',
        data: 'networks and countries',
        internet: tune,
        answers: 'what is proposed',
        accountsPerScenario: 1,
        owners: ['office, dynamic address', 'partner on rented machines'],
      });
    const tally = await run();
    const again = await run();
    expect(reportOf(again)).toEqual(reportOf(tally));
    expect(missingEvidence(again, 3)).toEqual(missingEvidence(tally, 3));
    const summary = summaryOf(tally);
    expect(summary.withClouds.addresses).toBeGreaterThan(0);
    expect(summary.withoutClouds.addresses).toBeGreaterThan(0);
    expect(summary.stolenAddresses).toBeGreaterThan(0);
    expect(tally.limits.size).toBeGreaterThan(0);
  }, 180_000);
});

describe('what let thieves in', () => {
  const theft = { thefts: 2, addresses: 3, letIn: 1, covered: 0 };
  const tallyWith = (letInAddresses: number, letInWith: [string, number][]): Tally => ({
    ...emptyTally(),
    thefts: new Map([['a VPN', { ...theft, letInAddresses, letInWith: new Map(letInWith) }]]),
  });

  it('is told with the evidence, the most frequent first', () => {
    const tally = tallyWith(3, [
      ['same-country 10', 1],
      ['known-agent 25', 2],
    ]);
    expect(letInEvidence(tally, 1)).toEqual(['  a VPN: 3 let in', '         2  known-agent 25']);
  });

  it('is nothing where nobody was let in', () => {
    expect(letInEvidence(tallyWith(0, []), 3)).toEqual(['  nothing']);
  });
});

describe('the targets of the evaluation', () => {
  const owner = { accounts: 10, addresses: 100, blocked: 3, asked: 30 };
  const good = {
    withClouds: { ...owner, blocked: 10 },
    withoutClouds: owner,
    thefts: 10,
    letInThefts: 0,
    stolenAddresses: 10,
    letInAddresses: 0,
  };

  it.each([
    ['met', good, true],
    [
      'one honest address in a cloud too many',
      { ...good, withClouds: { ...good.withClouds, blocked: 11 } },
      false,
    ],
    ['one honest address elsewhere too many', { ...good, withoutClouds: { ...owner, blocked: 4 } }, false],
    [
      'no honest address elsewhere',
      { ...good, withoutClouds: { ...owner, addresses: 0, blocked: 0 } },
      false,
    ],
    ['people asked too often', { ...good, withoutClouds: { ...owner, asked: 31 } }, false],
    ['one leaked key let in', { ...good, letInThefts: 1 }, false],
    ['nothing measured', { ...good, thefts: 0 }, false],
  ])('%s', (_what, summary, isMet) => {
    expect(meetsTargets(summary)).toBe(isMet);
    expect(verdictOf(summary).some((line) => line.includes('MISSED'))).toBe(!isMet);
  });
});
