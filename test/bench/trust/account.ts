import { createFirstAccount } from '#service/account/first-account';
import { createKey } from '#service/account/keys';
import { authorizeReview } from '#service/account/reviews';
import { addSource } from '#service/sources/add-source';
import { createEvaluate } from '#service/gate/evaluate';
import { createGate } from '#service/gate/gate';
import { UNKNOWN_GEOLOCATION, type Geolocation, type Geolocations } from '#service/geo/geolocation';
import { Recorder } from '#service/log/record/recorder';
import type { Principal, ServiceContext } from '#service/policy/context';
import { setMode } from '#service/policy/mode';
import { loadPolicies } from '#service/policy/policy-directory';
import { reviewOf } from '#service/storage/repositories/reviews';
import { createIdFactory } from '#service/runtime/ids';
import { FeedHub } from '#service/storage/feed-hub';
import { createWriter } from '#service/storage/writer';
import { createTrustReviewer, type TrustReviewer } from '#service/trust/collect-facts';
import type { TrustReview } from '#service/enforcement/trust/trust-review';
import { addSourceBody } from '#shared/api/routes-sources';
import type { Evidence, RangeSource } from '#shared/domain/entities';
import { openMemoryStorage, type MemoryStorage } from './memory-storage';
import { DAY_MS, LEARNING_MS, type Call } from './world/index';

const MINUTE_MS = 60_000;

/** The world begins here, a Monday, so that times are ordinary ones. */
const EPOCH_MS = Date.UTC(2026, 0, 5);
/** The key was some days old when learning began. */
const KEY_CREATED_AT = EPOCH_MS - 10 * DAY_MS;

/** The defaults of the service (docs/behaviour.md 6). */
const FOLD_WINDOW_MS = MINUTE_MS;
const LEARNING_WINDOW_MS = 30 * DAY_MS;

export type Outcome =
  /** Let in because its range was authorized before; and what authorized it. */
  | { readonly kind: 'covered'; readonly by: RangeSource }
  | { readonly kind: 'learned' }
  /** The trust review was asked, and this is what it found; while a refusal stands, when it was last asked. */
  | { readonly kind: 'trusted' | 'blocked'; readonly evidence: readonly Evidence[] | undefined };

/** Which of the data files the simulated service has. */
export type Data =
  'networks, countries and regions' | 'networks and countries' | 'countries alone' | 'nothing';

/** What the owner's people do about a review: authorize its subnet, or what is proposed where something is. */
export type Answers = 'the subnet' | 'what is proposed';

function partOf({ region, ...place }: Geolocation, data: Data): Geolocation {
  if (data === 'countries alone') return { ...UNKNOWN_GEOLOCATION, country: place.country };
  return data === 'networks and countries' || region === undefined ? place : { ...place, region };
}

/** What the data say of an address: they are asked about the world's own addresses only. */
class WorldGeolocations implements Geolocations {
  readonly #data: Data;
  readonly #known = new Map<string, Geolocation>();

  constructor(data: Data) {
    this.#data = data;
  }

  add({ ip, place }: Call): void {
    if (this.#data !== 'nothing') this.#known.set(ip, partOf(place, this.#data));
  }

  lookup(ip: string): Geolocation {
    return this.#known.get(ip) ?? UNKNOWN_GEOLOCATION;
  }
}

/** A review that a person will answer. */
interface Waiting {
  readonly reviewId: string;
  readonly at: number;
}

interface World {
  readonly memory: MemoryStorage;
  readonly geolocations: WorldGeolocations;
  readonly clock: { now(): number; set(worldMs: number): void };
  readonly answers: Answers;
  readonly secret: string;
}

function simulatedClock(): World['clock'] {
  let nowMs = KEY_CREATED_AT;
  return {
    now: () => nowMs,
    set: (worldMs) => {
      nowMs = EPOCH_MS + Math.floor(worldMs);
    },
  };
}

/** The service's parts over a database, as they are when it has started. */
async function startParts({
  memory: { storage },
  geolocations,
  clock,
}: Pick<World, 'memory' | 'geolocations' | 'clock'>) {
  const hub = new FeedHub();
  const directory = await loadPolicies(storage, geolocations);
  const context: ServiceContext = {
    storage,
    writer: createWriter(storage, hub, clock, createIdFactory(clock)),
    directory,
    hub,
    clock,
    learningWindowMs: LEARNING_WINDOW_MS,
    trustedProxies: [],
    state: () => ({ state: 'ready', why: null }),
  };
  const log = { write: () => undefined };
  const callLog = new Recorder({
    ...context,
    log,
    geolocations,
    foldWindowMs: FOLD_WINDOW_MS,
    onReviewOpened: () => Promise.resolve(),
  });
  const blocklists = { find: () => null };
  const reviewer = createTrustReviewer({ ...context, geolocations, blocklists });
  const asked: { review: TrustReview | undefined } = { review: undefined };
  const trust: TrustReviewer = {
    review: async (call) => {
      asked.review = await reviewer.review(call);
      return asked.review;
    },
  };
  const evaluate = createEvaluate({ clock, callLog, trust });
  return {
    context,
    gate: createGate({ context, callLog, evaluate, checkTimeoutMs: 60_000 }),
    asked,
    flush: () => callLog.flush(),
  };
}

type Parts = Awaited<ReturnType<typeof startParts>>;

function ownerOf(accountId: string): Principal {
  return {
    accountId,
    actor: { kind: 'user', id: 'owner', name: 'owner@example.com' },
    via: 'api',
    userId: 'owner',
    email: 'owner@example.com',
    role: 'owner',
    permissions: [],
    tokenExpiresAt: null,
  };
}

/**
 * One account with one key in the service's own parts: gate, log, policy in memory, trust review, grants, sightings and
 * reviews, over a database in memory. It learns for a month, and its owner then chooses `automatic`. Grants are never
 * removed, so that what was wrongly granted stays open.
 */
export class SimulatedAccount {
  readonly #world: World;
  readonly #parts: Parts;
  readonly #waiting: Waiting[];
  /** The day on which what is counted in memory was last written. */
  #flushedDay = 0;
  /** The number of reviews that a person has answered. */
  #answered = 0;

  private constructor(world: World, parts: Parts, waiting: readonly Waiting[] = []) {
    this.#world = world;
    this.#parts = parts;
    this.#waiting = [...waiting];
  }

  static async open(data: Data, answers: Answers): Promise<SimulatedAccount> {
    const memory = await openMemoryStorage();
    const parts = { memory, geolocations: new WorldGeolocations(data), clock: simulatedClock() };
    const started = await startParts(parts);
    const { context } = started;
    await createFirstAccount(context.writer, context.directory, () => ({
      ownerEmail: 'owner@example.com',
      tokenHash: 'none',
      tokenName: 'none',
    }));
    const [policy] = context.directory.accounts();
    if (policy === undefined) throw new Error('the account was not made');
    const { secret } = await createKey(context, ownerOf(policy.id), 'key');
    return new SimulatedAccount({ ...parts, answers, secret }, started);
  }

  /** Goes on differently from now, and takes everything back afterwards. */
  tryOut<T>(work: (account: SimulatedAccount) => Promise<T>): Promise<T> {
    return this.#world.memory.tryOut(async () => {
      const started = await startParts(this.#world);
      return work(new SimulatedAccount(this.#world, started, this.#waiting));
    });
  }

  /** Has people answer what still waits. Resolves with the number of all their answers. */
  async end(): Promise<number> {
    await this.#reach(Infinity);
    return this.#answered;
  }

  /** One call. If it opens a review, a person authorizes its subnet at `answeredAt`; Infinity: nobody does. */
  async call(call: Call, answeredAt: number): Promise<Outcome> {
    const { clock, geolocations, secret } = this.#world;
    await this.#reach(call.at);
    geolocations.add(call);
    clock.set(call.at);
    const day = Math.floor(call.at / DAY_MS);
    if (day !== this.#flushedDay) await this.#parts.flush();
    this.#flushedDay = day;
    const { address, ip, method, path, userAgent, fingerprint } = call;
    const openBefore = this.#policy.activeReviews().length;
    const { reason, rangeId, reviewId } = await this.#parts.gate.ask({
      key: { kind: 'one', apiKey: secret },
      caller: { address, ip, isProxy: false },
      original: () => ({ method, path, userAgent, fingerprint }),
    });
    switch (reason) {
      case 'authorized':
        return { kind: 'covered', by: await this.#sourceOf(rangeId) };
      case 'learned':
        return { kind: 'learned' };
      case 'trusted':
        return { kind: 'trusted', evidence: this.#parts.asked.review?.evidence };
      case 'untrusted':
        if (reviewId !== null && answeredAt < Infinity && this.#policy.activeReviews().length > openBefore) {
          this.#waiting.push({ reviewId, at: answeredAt });
        }
        return { kind: 'blocked', evidence: this.#parts.asked.review?.evidence };
      default:
        throw new Error(`a call was decided by ${reason}`);
    }
  }

  get #policy() {
    const [policy] = this.#parts.context.directory.accounts();
    if (policy === undefined) throw new Error('the account is gone');
    return policy;
  }

  /** Does what people do until then: they choose `automatic` after a month, and answer reviews. */
  async #reach(at: number): Promise<void> {
    if (at >= LEARNING_MS && this.#policy.mode === 'learning') {
      this.#world.clock.set(LEARNING_MS);
      const context = { ...this.#parts.context, guard: () => Promise.resolve() };
      await setMode(context, ownerOf(this.#policy.id), { mode: 'automatic', confirmImpact: true });
    }
    this.#waiting.sort((a, b) => a.at - b.at);
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined || next.at > at) return;
      this.#waiting.shift();
      this.#world.clock.set(next.at);
      await this.#answer(next.reviewId);
    }
  }

  /** Answers the review, unless another answer has settled it. */
  async #answer(reviewId: string): Promise<void> {
    const { id } = this.#policy;
    const { context } = this.#parts;
    const row = await context.storage.read.reviews.get(id, reviewId);
    if (row?.status !== 'pending') return;
    this.#answered += 1;
    const { proposal, keyId } = reviewOf(row);
    const taken = this.#world.answers === 'what is proposed' ? proposal : null;
    if (taken?.kind === 'network') {
      const source = addSourceBody.parse({ kind: 'asn', spec: { asn: taken.asn }, keyId });
      await addSource({ ...context, guard: () => Promise.resolve() }, ownerOf(id), source);
      return;
    }
    const scope = taken?.kind === 'range' ? { cidr: taken.cidr } : 'subnet';
    await authorizeReview(context, ownerOf(id), reviewId, { scope, thisKeyOnly: taken !== null });
  }

  async #sourceOf(rangeId: string | null): Promise<RangeSource> {
    // A network that is looked up has no range.
    if (rangeId === null) return 'source';
    const range = await this.#parts.context.storage.read.ranges.get(this.#policy.id, rangeId);
    if (range === undefined) throw new Error('a call was let in by no range');
    return range.source;
  }
}
