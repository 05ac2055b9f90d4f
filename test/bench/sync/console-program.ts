import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createApiClient } from '#electron/core/api/client';
import { createCore } from '#electron/core/create-core';
import type { NewOperation } from '#electron/core/outbox/queued-operation';
import type { CreateApiClient } from '#electron/core/api/client';
import { systemClock, systemRandom } from '#electron/core/system';
import { addRange } from '#electron/core/use-cases/add-range';
import { connect } from '#electron/core/use-cases/connect';
import { CHOSEN_NOTHING } from '#test/support/console/chosen-nothing';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';
import { percentile } from '../figures';

/** The console's side of the benchmark: the whole core, without a desktop. */

const { env } = process;
const EDITS = Number(env['BENCH_EDITS'] ?? 10_000);
/** Edits made one by one through the use case, as a person does. */
const BY_HAND = Math.min(200, EDITS);
const DEADLINE_MS = 120_000;

const folder = makeTempDir('bench-console');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'profile.json'), CHOSEN_NOTHING);

/** Nothing is sent before it is opened, as if there were no network. */
let open: () => void = () => undefined;
const gate = new Promise<void>((resolve) => {
  open = resolve;
});
const createClient: CreateApiClient = (options) => {
  const client = createApiClient(options);
  return {
    url: client.url,
    get clockOffsetMs() {
      return client.clockOffsetMs;
    },
    call: async (name, input, callOptions) => {
      if (name !== 'applyOperations') {
        if (name === 'getChanges') polls += 1;
        return client.call(name, input, callOptions);
      }
      await gate;
      const calledAt = performance.now();
      const answer = await client.call(name, input, callOptions);
      atServiceMs += performance.now() - calledAt;
      return answer;
    },
    download: (...parts) => client.download(...parts),
    dispose: () => client.dispose(),
  };
};

/** From a batch's leaving to its answer, in all. */
let atServiceMs = 0;
let polls = 0;
let published = 0;
const NO_STORE = { kind: 'unavailable' } as const;
const silent = {
  info: () => undefined,
  warn: () => undefined,
  error: (event: string) => console.error(event),
};
const core = createCore(
  {
    clock: systemClock,
    random: systemRandom,
    log: silent,
    vault: {
      canKeep: () => false,
      encrypt: () => Promise.resolve(NO_STORE),
      decrypt: () => Promise.resolve(NO_STORE),
      askAgain: () => undefined,
      close: () => undefined,
    },
    presenter: {
      isSupported: () => false,
      hasButtons: () => false,
      show: () => undefined,
      withdraw: () => undefined,
      subscribe: () => () => undefined,
    },
    quiet: { isQuiet: () => false, isLocked: () => false, subscribe: () => () => undefined },
    // What crosses to a window is cloned on its way.
    publisher: {
      publish: (_group, _name, payload) => {
        published += 1;
        structuredClone(payload);
      },
    },
    windows: { openApproval: () => undefined, closeApproval: () => undefined, openConsole: () => undefined },
    fork: () => {
      throw new Error('There is no embedded service here.');
    },
    createClient,
  },
  { folder, appVersion: '0.0.0', listenOverride: undefined },
);
core.start();

const cidrOf = (n: number): string => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}/32`;
const editOf = (n: number): NewOperation => ({
  operation: {
    id: core.context.newId(),
    type: 'range.add',
    madeAt: new Date().toISOString(),
    rangeId: core.context.newId(),
    cidr: cidrOf(n),
    effect: 'authorize',
    label: `Range ${n}`,
    keyId: null,
    rangeExpiresAt: null,
    allowWide: false,
  },
  base: null,
});
const mb = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MB`;
const say = (what: string, figure: string): void => console.log(`${what.padEnd(58)} ${figure}`);

const outcome = await connect(core.context, { url: env['BENCH_URL'] ?? '', token: env['BENCH_TOKEN'] ?? '' });
if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
const outbox = await waitFor('the connection', () =>
  core.context.replica.connection.kind === 'online' ? (core.context.replica.outbox ?? undefined) : undefined,
);

const byHand: number[] = [];
for (let n = 0; n < BY_HAND; n += 1) {
  const startedAt = performance.now();
  const added = addRange(core.context, {
    cidr: cidrOf(n),
    effect: 'authorize',
    label: `Range ${n}`,
    keyId: null,
    expiresAt: null,
    allowWide: false,
  });
  if (!added.ok) throw new Error(added.failure.message);
  byHand.push(performance.now() - startedAt);
}
const rest = Array.from({ length: EDITS - BY_HAND }, (_, n) => editOf(BY_HAND + n));
for (let start = 0; start < rest.length; start += 500) {
  outbox.enqueue(rest.slice(start, start + 500), Date.now());
  await new Promise((resolve) => setImmediate(resolve));
}
if (outbox.unsent !== EDITS) throw new Error(`${outbox.unsent} edits are queued`);

const { rss: rssBefore } = process.memoryUsage();
let rssPeak = rssBefore;
const watch = setInterval(() => {
  rssPeak = Math.max(rssPeak, process.memoryUsage().rss);
}, 20);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
await new Promise((resolve) => setTimeout(resolve, 100));
delay.reset();
const publishedBefore = published;
const pollsBefore = polls;
const startedAt = performance.now();
open();
await waitFor('the acknowledgements', () => outbox.unsent === 0, DEADLINE_MS);
const acknowledgedMs = performance.now() - startedAt;
await waitFor('the mirror', () => outbox.size === 0, DEADLINE_MS);
const mirroredMs = performance.now() - startedAt;
delay.disable();
clearInterval(watch);

const mirrored = core.context.replica.mirrored('range').length;
say(`${EDITS} edits acknowledged in`, `${(acknowledgedMs / 1_000).toFixed(2)} s (reach: 5 s)`);
say('of that with the service and on the way', `${(atServiceMs / 1_000).toFixed(2)} s`);
say('and all of them shown from the mirror in', `${(mirroredMs / 1_000).toFixed(2)} s`);
say(
  'main process held, p50 / p99 / longest',
  `${[50, 99].map((p) => (delay.percentile(p) / 1e6).toFixed(0)).join(' / ')} / ${(delay.max / 1e6).toFixed(0)} ms`,
);
say('memory before, peak', `${mb(rssBefore)}, ${mb(rssPeak)}`);
say('polls of the feed meanwhile', String(polls - pollsBefore));
say('messages to a window meanwhile', String(published - publishedBefore));
say(
  'an edit by hand taken in (on disk, shown), p50 / p99',
  `${[0.5, 0.99].map((p) => percentile(byHand, p).toFixed(1)).join(' / ')} ms`,
);
await core.stop();
removeTempDir(folder);
process.exitCode = mirrored === EDITS ? 0 : 1;
if (mirrored !== EDITS) console.error(`The mirror has ${mirrored} ranges.`);
