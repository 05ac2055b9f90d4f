import { parseAddress, sortableAddress } from '#shared/ip/index';
import { SECOND_MS } from '#shared/durations';
import type { AttemptFacts } from '../../gate/call-log';
import type { Geolocations } from '../../geo/geolocation';
import type { PolicyDirectory } from '../../policy/policy-directory';
import { createWorkLoop } from '../../runtime/work-loop';
import { oncePerMinute, type ServiceLog } from '../../service-log';
import type { Numbered, Spool } from '../../storage/spool';
import type { WriteContext, Writer } from '../../storage/writer';
import { addFirstSeen, type GrantRules } from '../record/first-seen';
import { FirstSeenRows, type OnReviewOpened } from '../record/first-seen-rows';
import { addRepeats } from '../record/repeat-counter';
import { entryOf, type SpooledCall, type SpooledRepeat } from '../record/spool-entry';

/** Entries in one transaction. Calls with new addresses wait for it. */
const ENTRIES_PER_WRITE = 200;
const PAUSE_MS = SECOND_MS;

interface DeliveryOptions extends GrantRules {
  readonly spool: Spool;
  readonly writer: Writer;
  readonly directory: PolicyDirectory;
  readonly geolocations: Geolocations;
  readonly onReviewOpened: OnReviewOpened;
  /** True while the database is away. */
  readonly isAway: () => boolean;
  readonly log: ServiceLog;
}

/** Returns undefined if the account, the key or the address is not known any more. */
function factsOf(directory: PolicyDirectory, call: SpooledCall): AttemptFacts | undefined {
  const policy = directory.find(call.accountId);
  const address = parseAddress(call.ip);
  if (policy?.keys.has(call.keyId) !== true || !address.ok) return undefined;
  const { keyId, ip, verdict, reason, wouldBe, rangeId, method, path, userAgent, fingerprint } = call;
  return {
    ...{ policy, keyId, ip, address: address.address, ipSort: sortableAddress(address.address) },
    ...{ verdict, reason, wouldBe, rangeId, method, path, userAgent, fingerprint, trust: undefined },
  };
}

async function addCalls(
  write: WriteContext,
  calls: readonly SpooledCall[],
  { directory, geolocations, onReviewOpened, ...rules }: DeliveryOptions,
): Promise<void> {
  // The write of a call that was answered from the spool may have succeeded after all.
  const written = await write.tx.spools.reviewsOf(calls.map(({ id }) => id));
  const rows = new FirstSeenRows(write);
  for (const call of calls) {
    const facts = written.has(call.id) ? undefined : factsOf(directory, call);
    if (facts === undefined) continue;
    const row = { id: call.id, firstAt: call.at };
    await addFirstSeen(write, facts, geolocations.lookup(call.ip), row, rows, rules);
  }
  await rows.countCalls();
  await rows.insert(onReviewOpened);
}

async function addSpooledRepeats(write: WriteContext, repeats: readonly SpooledRepeat[]): Promise<void> {
  const byId = new Map<string, { readonly accountId: string; by: number; lastAt: number }>();
  for (const { id, accountId, by, lastAt } of repeats) {
    const known = byId.get(id);
    byId.set(id, {
      accountId,
      by: by + (known?.by ?? 0),
      lastAt: Math.max(lastAt, known?.lastAt ?? 0),
    });
  }
  const reviews = await write.tx.spools.reviewsOf([...byId.keys()]);
  const counted = [...byId].flatMap(([id, count]) => {
    const reviewId = reviews.get(id);
    return reviewId === undefined ? [] : [{ id, reviewId, ...count }];
  });
  await addRepeats(write, counted);
}

/** Writes the oldest entries to the database, each once, however often this is broken off. */
async function deliver(options: DeliveryOptions, batch: readonly Numbered[], last: number): Promise<void> {
  const { spool, writer } = options;
  await writer.write(async (write) => {
    const delivered = await write.tx.spools.delivered(spool.id);
    const entries = batch.flatMap(({ number, text }) => (number > delivered ? [entryOf(text)] : []));
    const calls = entries.filter((entry) => entry.kind === 'call');
    const repeats = entries.filter((entry) => entry.kind === 'repeat');
    await addCalls(write, calls, options);
    await addSpooledRepeats(write, repeats);
    await write.tx.spools.setDelivered(spool.id, last);
  });
  await spool.remove(last);
}

export interface Delivery {
  start(): void;
  stop(): Promise<void>;
  /** Has to be called after something was appended to the spool. */
  wake(): void;
}

/** Delivers what waits in the spool as soon as the database is back (docs/behaviour.md 7.8). */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { spool, isAway } = options;
  const log = oncePerMinute(options.log);
  const wake = (): void => {
    if (spool.length > 0) loop.wake(PAUSE_MS);
  };
  const loop = createWorkLoop({
    work: async () => {
      try {
        while (spool.length > 0 && !isAway()) {
          const batch = await spool.oldest(ENTRIES_PER_WRITE);
          const last = batch.at(-1);
          if (last === undefined) return;
          await deliver(options, batch, last.number);
        }
      } finally {
        wake();
      }
    },
    onError: (error) => log.write('error', 'spool.delivery_failed', { error }),
  });
  return {
    start: () => {
      loop.start();
      wake();
    },
    stop: () => loop.stop(),
    wake,
  };
}
