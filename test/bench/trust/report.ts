import type { HonestTally, Tally, TheftTally } from './evaluate';

/** What the review has to reach. */
const TARGETS = { authorizedThefts: 0, blockedShare: { withClouds: 0.1, withoutClouds: 0.03 } } as const;

/** Distinct unknown addresses of owners. */
interface Honest {
  readonly events: number;
  readonly blocked: number;
}

export interface Summary {
  /** Where owners use the key from clouds. */
  readonly withClouds: Honest;
  readonly withoutClouds: Honest;
  readonly thefts: number;
  readonly authorizedThefts: number;
  readonly stolenAddresses: number;
  readonly authorizedAddresses: number;
}

const sum = <T>(items: Iterable<T>, of: (item: T) => number): number => {
  let total = 0;
  for (const item of items) total += of(item);
  return total;
};

const honestOf = (tallies: readonly HonestTally[]): Honest => ({
  events: sum(tallies, ({ events }) => events),
  blocked: sum(tallies, ({ blocked }) => blocked),
});

/** What counts towards the target: the scenarios without the limits. */
export const summaryOf = ({ honest, thefts }: Tally): Summary => ({
  withClouds: honestOf([...honest.values()].filter(({ usesClouds }) => usesClouds)),
  withoutClouds: honestOf([...honest.values()].filter(({ usesClouds }) => !usesClouds)),
  thefts: sum(thefts.values(), ({ thefts: count }) => count),
  authorizedThefts: sum(thefts.values(), ({ authorized }) => authorized),
  stolenAddresses: sum(thefts.values(), ({ addresses }) => addresses),
  authorizedAddresses: sum(thefts.values(), ({ authorizedAddresses }) => authorizedAddresses),
});

export const meetsTargets = (summary: Summary): boolean =>
  summary.thefts > 0 &&
  summary.authorizedThefts <= TARGETS.authorizedThefts &&
  (['withClouds', 'withoutClouds'] as const).every((owners) => {
    const { events, blocked } = summary[owners];
    return events > 0 && blocked <= events * TARGETS.blockedShare[owners];
  });

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(2)} %`;

const row = (name: string, ...cells: readonly (string | number)[]): string =>
  `  ${name.padEnd(62)}${cells.map((cell) => String(cell).padStart(11)).join('')}`;

const honestRows = (tallies: ReadonlyMap<string, HonestTally>): readonly string[] =>
  [...tallies].map(([name, { accounts, events, blocked }]) =>
    row(name, accounts, events, blocked, percent(blocked, events)),
  );

const confusionRow = (name: string, { events, blocked }: Honest): string =>
  row(name, events - blocked, blocked, percent(blocked, events));

const theftRows = (tallies: ReadonlyMap<string, TheftTally>): readonly string[] =>
  [...tallies].map(([name, tally]) =>
    row(name, tally.thefts, tally.addresses, tally.authorizedAddresses, tally.authorized, tally.covered),
  );

/** The mean of the scenarios' shares, where each scenario counts alike: the sum is ruled by those with many addresses. */
const meanShare = (tallies: ReadonlyMap<string, HonestTally>): string =>
  percent(
    sum(tallies.values(), ({ blocked, events }) => blocked / Math.max(1, events)),
    tallies.size,
  );

const HONEST_HEAD = row('owners', 'accounts', 'unknown', 'blocked', 'share');
const THEFT_HEAD = row('thefts', 'thefts', 'addresses', 'let in', 'thefts in', 'covered');

/** The report of one run, line by line. */
export const reportOf = (tally: Tally): readonly string[] => {
  const summary = summaryOf(tally);
  const { withClouds, withoutClouds, stolenAddresses, authorizedAddresses } = summary;
  return [
    HONEST_HEAD,
    ...honestRows(tally.honest),
    row('mean of the scenarios, each counting alike', '', '', '', meanShare(tally.honest)),
    '',
    THEFT_HEAD,
    ...theftRows(tally.thefts),
    '',
    'Confusion, by distinct unknown addresses:',
    row('', 'let in', 'blocked', 'share'),
    confusionRow('honest, from clouds', withClouds),
    confusionRow('honest, from elsewhere', withoutClouds),
    row(
      'leaked key',
      authorizedAddresses,
      stolenAddresses - authorizedAddresses,
      percent(authorizedAddresses, stolenAddresses),
    ),
    '',
    'Limits, apart from the target: nothing about these calls tells owner and thief apart.',
    HONEST_HEAD,
    ...honestRows(tally.limitOwners),
    THEFT_HEAD,
    ...theftRows(tally.limits),
    '',
    `"covered": the thief came from a /24 or /64 that was authorized before, which asks no review.`,
  ];
};

/** Which combinations of evidence left honest addresses blocked, the most frequent first. */
export const blockedReasons = (tally: Tally, atMost: number): readonly string[] =>
  [...tally.honest].flatMap(([name, { blockedBecause }]) => [
    `  ${name}`,
    ...[...blockedBecause]
      .sort((a, b) => b[1] - a[1])
      .slice(0, atMost)
      .map(([why, count]) => `    ${String(count).padStart(6)}  ${why}`),
  ]);

export const verdictOf = (summary: Summary): string => {
  const { thefts, authorizedThefts, withClouds, withoutClouds } = summary;
  const verdict = meetsTargets(summary) ? 'reached' : 'MISSED';
  const { blockedShare } = TARGETS;
  const words = ({ events, blocked }: Honest, target: number): string =>
    `${percent(blocked, events)} (target at most ${100 * target} %)`;
  return (
    `Leaked keys authorized: ${authorizedThefts} of ${thefts} (target 0). ` +
    `Honest addresses blocked: ${words(withClouds, blockedShare.withClouds)} where owners use clouds, ` +
    `${words(withoutClouds, blockedShare.withoutClouds)} where they do not. Targets ${verdict}.`
  );
};
