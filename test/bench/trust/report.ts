import { MONTHS_AFTER_LEARNING, type HonestTally, type Tally, type TheftTally } from './evaluate';

/** What the review has to reach. */
const TARGETS = {
  letInThefts: 0,
  blockedShare: { withClouds: 0.1, withoutClouds: 0.03 },
  askedPerMonth: 2,
} as const;

/** Distinct unknown addresses of owners. */
interface Honest {
  readonly accounts: number;
  readonly addresses: number;
  readonly blocked: number;
  readonly asked: number;
}

export interface Summary {
  /** Where owners use the key from clouds and other rented machines. */
  readonly withClouds: Honest;
  readonly withoutClouds: Honest;
  readonly thefts: number;
  readonly letInThefts: number;
  readonly stolenAddresses: number;
  readonly letInAddresses: number;
}

function sum<T>(items: Iterable<T>, of: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += of(item);
  return total;
}

function honestOf(tallies: readonly HonestTally[]): Honest {
  return {
    accounts: sum(tallies, ({ accounts }) => accounts),
    addresses: sum(tallies, ({ addresses }) => addresses),
    blocked: sum(tallies, ({ blocked }) => blocked),
    asked: sum(tallies, ({ asked }) => asked),
  };
}

/** What counts towards the targets: the scenarios without the limits. */
export function summaryOf({ honest, thefts }: Tally): Summary {
  return {
    withClouds: honestOf([...honest.values()].filter(({ usesClouds }) => usesClouds)),
    withoutClouds: honestOf([...honest.values()].filter(({ usesClouds }) => !usesClouds)),
    thefts: sum(thefts.values(), ({ thefts: count }) => count),
    letInThefts: sum(thefts.values(), ({ letIn }) => letIn),
    stolenAddresses: sum(thefts.values(), ({ addresses }) => addresses),
    letInAddresses: sum(thefts.values(), ({ letInAddresses }) => letInAddresses),
  };
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
}

function perMonth({ asked, accounts }: Pick<Honest, 'asked' | 'accounts'>): number {
  return accounts === 0 ? 0 : asked / accounts / MONTHS_AFTER_LEARNING;
}

interface Target {
  readonly words: string;
  readonly isReached: boolean;
}

/** The targets, each with what was measured. A target about nothing is missed. */
export function targetsOf(summary: Summary): readonly Target[] {
  const { withClouds, withoutClouds, thefts, letInThefts } = summary;
  const blocked = (words: string, { addresses, blocked: count }: Honest, share: number): Target => ({
    words: `${words}: ${percent(count, addresses)} of ${addresses} (target at most ${100 * share} %)`,
    isReached: addresses > 0 && count <= addresses * share,
  });
  const asked = perMonth({
    asked: withClouds.asked + withoutClouds.asked,
    accounts: withClouds.accounts + withoutClouds.accounts,
  });
  return [
    {
      words: `leaked keys let in: ${letInThefts} of ${thefts} (target ${TARGETS.letInThefts})`,
      isReached: thefts > 0 && letInThefts <= TARGETS.letInThefts,
    },
    blocked('honest addresses blocked, owners with clouds', withClouds, TARGETS.blockedShare.withClouds),
    blocked('honest addresses blocked, other owners', withoutClouds, TARGETS.blockedShare.withoutClouds),
    {
      words: `people asked per honest owner and month: ${asked.toFixed(1)} (target at most ${TARGETS.askedPerMonth})`,
      isReached: withClouds.accounts + withoutClouds.accounts > 0 && asked <= TARGETS.askedPerMonth,
    },
  ];
}

export function meetsTargets(summary: Summary): boolean {
  return targetsOf(summary).every(({ isReached }) => isReached);
}

function row(name: string, ...cells: readonly (string | number)[]): string {
  return `  ${name.padEnd(62)}${cells.map((cell) => String(cell).padStart(11)).join('')}`;
}

const HONEST_HEAD = row('owners', 'accounts', 'unknown', 'let in', 'blocked', 'share', 'asked');
const THEFT_HEAD = row('thefts', 'thefts', 'addresses', 'let in', 'thefts in', 'share', 'covered');

function honestRow(name: string, honest: Honest): string {
  const { accounts, addresses, blocked } = honest;
  return row(
    name,
    accounts,
    addresses,
    addresses - blocked,
    blocked,
    percent(blocked, addresses),
    perMonth(honest).toFixed(1),
  );
}

function honestRows(tallies: ReadonlyMap<string, HonestTally>): readonly string[] {
  return [...tallies].map(([name, tally]) => honestRow(name, tally));
}

function theftRow(
  name: string,
  { thefts, addresses, letInAddresses, letIn, covered }: Omit<TheftTally, 'letInWith'>,
): string {
  return row(name, thefts, addresses, letInAddresses, letIn, percent(letIn, thefts), covered);
}

function theftRows(tallies: ReadonlyMap<string, TheftTally>): readonly string[] {
  return [...tallies].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, tally]) => theftRow(name, tally));
}

/** The mean of the scenarios' shares, where each scenario counts alike: the sum is ruled by those with many addresses. */
function meanShare(tallies: ReadonlyMap<string, HonestTally>): string {
  return percent(
    sum(tallies.values(), ({ blocked, addresses }) => blocked / Math.max(1, addresses)),
    tallies.size,
  );
}

/** The confusion table of one run, line by line. */
export function reportOf(tally: Tally): readonly string[] {
  const { withClouds, withoutClouds } = summaryOf(tally);
  const thefts = [...tally.thefts.values()];
  return [
    HONEST_HEAD,
    ...honestRows(tally.honest),
    honestRow('all that use clouds or rented machines', withClouds),
    honestRow('all others', withoutClouds),
    row('mean of the scenarios, each counting alike', '', '', '', '', meanShare(tally.honest)),
    '',
    THEFT_HEAD,
    ...theftRows(tally.thefts),
    theftRow('all', {
      thefts: sum(thefts, ({ thefts: count }) => count),
      addresses: sum(thefts, ({ addresses }) => addresses),
      letInAddresses: sum(thefts, ({ letInAddresses }) => letInAddresses),
      letIn: sum(thefts, ({ letIn }) => letIn),
      covered: sum(thefts, ({ covered }) => covered),
    }),
    '',
    '  asked: answers of people per account and month after learning; thefts in: thefts with an address that the review let in;',
    '  covered: thefts from a range that was authorized for the owner before, about which no review is asked.',
    '',
    '  Counted apart: neither address nor user agent tells owner and thief apart.',
    ...honestRows(tally.limitOwners),
    ...theftRows(tally.limits),
  ];
}

function largest(
  counts: ReadonlyMap<string, number>,
  atMost: number,
): readonly (readonly [string, number])[] {
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, atMost);
}

/** What blocked honest addresses lacked, and the most frequent combinations of what they had. */
export function missingEvidence(tally: Tally, atMost: number): readonly string[] {
  return [...tally.honest].flatMap(([name, { blocked, blockedWith, missing }]) => {
    if (blocked === 0) return [];
    const lacked = largest(missing, 4).map(([signal, count]) => `${signal} ${percent(count, blocked)}`);
    return [
      `  ${name}: ${blocked} blocked, without ${lacked.join(', ') || 'nothing missing'}`,
      ...largest(blockedWith, atMost).map(([found, count]) => `    ${String(count).padStart(6)}  ${found}`),
    ];
  });
}

/** What let thieves in that had to be kept out. */
export function letInEvidence(tally: Tally, atMost: number): readonly string[] {
  const lines = [...tally.thefts].flatMap(([name, { letInAddresses, letInWith }]) =>
    letInAddresses === 0
      ? []
      : [
          `  ${name}: ${letInAddresses} let in`,
          ...largest(letInWith, atMost).map(([found, count]) => `    ${String(count).padStart(6)}  ${found}`),
        ],
  );
  return lines.length > 0 ? lines : ['  nothing'];
}

export function verdictOf(summary: Summary): readonly string[] {
  return targetsOf(summary).map(({ words, isReached }) => `  ${isReached ? 'reached' : 'MISSED '}  ${words}`);
}
