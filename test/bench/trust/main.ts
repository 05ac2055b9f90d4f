import { parseArgs } from 'node:util';
import type { Answers, Data } from './account';
import { evaluate } from './evaluate';
import { letInEvidence, meetsTargets, missingEvidence, reportOf, summaryOf, verdictOf } from './report';
import { createInternet, type Half, type Internet } from './world/index';

const USAGE = 'usage: trust [--half tune|held-out] [--seed text]';

const SEED = 'gatehouse';

interface Run {
  readonly data: Data;
  readonly answers: Answers;
  readonly accountsPerScenario: number;
}

/** The data that the service comes with, and what it would be like with more and with less. */
const MEASURED: Run = {
  data: 'networks and countries',
  answers: 'what is proposed',
  accountsPerScenario: 12,
};
const COMPARED: readonly Run[] = [
  { data: 'networks, countries and regions', answers: 'what is proposed', accountsPerScenario: 12 },
  { data: 'networks and countries', answers: 'the subnet', accountsPerScenario: 6 },
  { data: 'countries alone', answers: 'what is proposed', accountsPerScenario: 4 },
  { data: 'nothing', answers: 'what is proposed', accountsPerScenario: 1 },
];

/** The most frequent combinations of evidence that are printed for an owner. */
const COMBINATIONS = 3;

/**
 * How well the trust review tells owners from thieves: `npm run bench:trust [-- --half tune] [-- --seed text]`.
 *
 * The world (`world/`) has the real prefixes of real networks in real countries, from the same tables as the service has. Its
 * people and thieves are made up; what is assumed of them, and of how networks give out their addresses, stands beside what
 * it concerns (`internet.ts`, `agents.ts`, `programs.ts`, `honest.ts`, `staff.ts`, `thieves.ts`). It knows nothing of the
 * review and imports nothing of the service. Its countries, providers and clouds are split in two (`half.ts`): weights may be
 * chosen on the half `tune` only. What is printed without it is the other half, which no weight was chosen on.
 *
 * An account in the service's own parts (`account.ts`) lives through 75 days of calls: 30 days of learning, then `automatic`.
 * That is harder than what the service does by itself, which goes on learning until 30 days bring no new address: here its
 * owner switches early. Each unknown address is judged with what the account has seen by then; grants are added and stay, also
 * wrong ones. People authorize what is proposed, else the subnet of what they are asked about.
 *
 * Every account is then robbed in every way, each time on the account as it is then, while its owner goes on calling. Nobody
 * answers the reviews of a thief, and no blocklist names one: the review is alone. A theft succeeds when the review lets in
 * one of the thief's addresses.
 *
 * Some are counted apart from the targets, because neither address nor user agent tells owner and thief apart: an owner's
 * function that sends what everybody sends, from an address that every tenant of its cloud may get; and a thief with the
 * owner's very agent at the owner's own provider or cloud region.
 *
 * The exit code is 1 when a target is missed.
 */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { half: { type: 'string', default: 'held-out' }, seed: { type: 'string', default: SEED } },
  });
  const { half, seed } = values;
  if (half !== 'tune' && half !== 'held-out') {
    console.error(USAGE);
    return 2;
  }
  const internet = createInternet(half);
  printWorld(half, internet);
  const measured = await evaluate({ seed, internet, ...MEASURED });
  print(`With data on ${MEASURED.data}`, reportOf(measured));
  print(
    'What the blocked honest addresses lacked, and what they had',
    missingEvidence(measured, COMBINATIONS),
  );
  print('What let thieves in', letInEvidence(measured, COMBINATIONS));
  for (const run of COMPARED) {
    const tally = await evaluate({ seed, internet, ...run });
    print(`For comparison, with data on ${run.data}, where people authorize ${run.answers}`, [
      ...reportOf(tally),
      '',
      ...verdictOf(summaryOf(tally)),
    ]);
  }
  print(`Result of the half ${half}, with data on ${MEASURED.data}`, verdictOf(summaryOf(measured)));
  return meetsTargets(summaryOf(measured)) ? 0 : 1;
}

function printWorld(half: Half, { countries, regions, hosters }: Internet): void {
  const names = (sources: readonly { readonly company: { readonly name: string } }[]): string =>
    [...new Set(sources.map(({ company }) => company.name))].join(', ');
  console.log(
    [
      `The half ${half}: ${countries.length} countries (${countries.join(' ')});`,
      `clouds: ${names(regions)}; hosting: ${names(hosters)}.`,
      'Networks and countries are real. Regions of clouds are derived from runs of their addresses in one country, not from',
      'the lists that the clouds publish; people, thieves and the errors of the data are made up.',
    ].join('\n'),
  );
}

function print(heading: string, lines: readonly string[]): void {
  console.log([`\n${heading}`, ...lines].join('\n'));
}
