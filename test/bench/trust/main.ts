import { addTally, emptyTally, evaluate } from './evaluate';
import { blockedReasons, meetsTargets, reportOf, summaryOf, verdictOf } from './report';

const SEEDS = ['gatehouse-1', 'gatehouse-2', 'gatehouse-3', 'gatehouse-4', 'gatehouse-5'] as const;
const ACCOUNTS_PER_SCENARIO = 15;

/**
 * How well the trust review tells owners from thieves: `npm run bench:trust [-- seed ...]`.
 *
 * A made-up world (`world/`, whose assumptions stand beside what they concern: `internet.ts`, `agents.ts`, `honest.ts`,
 * `roaming.ts`, `thieves.ts`) plays 75 days of calls. It knows nothing of the review and imports nothing of the service.
 * A simulated account (`account.ts`) lives through them: 30 days of learning, then `automatic`. That is harder than what
 * the service does by itself, which goes on learning until 30 days bring no new address: here its owner switches early.
 * Each unknown address is judged with what the account has seen by then; grants are added and stay, also wrong ones.
 *
 * Every account is then robbed in every way, each time on a copy of the account, while its owner goes on calling. Nobody
 * answers the questions about a thief, and no blocklist names one: the review is alone.
 *
 * **Honest** counts distinct unknown addresses at their first call, **thefts** succeed when the review lets in one of
 * the thief's addresses.
 *
 * **Limits** are measured apart from the target, because no review of a call can pass both sides: an owner's function that
 * sends what everybody sends, from an address that every tenant of its cloud may get, looks like a thief who does the
 * same; a thief who has the owner's very agent, at the owner's own provider or cloud region, looks like the owner. The
 * review refuses the first and lets in most of the second.
 *
 * The weights were chosen looking at the seeds below. Other seeds give about one authorized theft in some thousands: a
 * thief who by chance has both the agent and the neighbourhood of the owner. So a run with other seeds may miss the target
 * of zero, and says so.
 *
 * What an administrator authorizes is remembered as a use of the key, with its agent: that is how an upgraded program
 * becomes known where each call has a new address.
 *
 * The exit code is 1 when a leaked key was authorized, or more honest addresses were blocked than 10 % where owners use clouds
 * or 3 % where they do not.
 */
export const main = (args: readonly string[]): number => {
  const seeds = args.length > 0 ? args : SEEDS;
  const total = emptyTally();
  for (const seed of seeds) {
    const tally = emptyTally();
    evaluate({ seed, data: 'country and network', accountsPerScenario: ACCOUNTS_PER_SCENARIO }, tally);
    addTally(total, tally);
    console.log(`seed ${seed}: ${verdictOf(summaryOf(tally))}`);
  }
  print('All seeds', reportOf(total));
  print('What blocked honest addresses had', blockedReasons(total, 3));

  for (const data of ['country only', 'none'] as const) {
    const tally = emptyTally();
    const [seed = ''] = seeds;
    evaluate({ seed, data, accountsPerScenario: ACCOUNTS_PER_SCENARIO }, tally);
    print(`For comparison, seed ${seed} where the service has data on: ${data}`, [
      verdictOf(summaryOf(tally)),
    ]);
  }

  print('Result', [verdictOf(summaryOf(total))]);
  return meetsTargets(summaryOf(total)) ? 0 : 1;
};

const print = (heading: string, lines: readonly string[]): void =>
  console.log([`\n${heading}`, ...lines].join('\n'));
