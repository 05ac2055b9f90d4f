import type { Account, AuditEvent, Range } from '#shared/domain/entities';
import type { Cause } from '#shared/ipc/notifications';
import { toldState } from '#shared/ipc/service-words';
import { DAY_MS } from '#shared/durations';
import type { Clock } from '../ports';
import { lacks } from '../outbox/plan-operation';
import type { AccountStore } from '../store/account-store';
import type { Replica } from '../sync/replica';
import type { ReplicaChange } from '../sync/window-feed';
import { learningDueMs, learningSubject } from './causes/learning-ending';
import type { NotificationSettings } from './notification-settings';
import type { Facts, ModeChange } from './facts';
import { AnnouncementMemory } from './memory';
import { MODE_ACTION, modeChangeOf } from './mode-change';
import { NOTHING_AMISS, outageAfter, type OutageState } from './outage';
import { OpenReviews } from './open-reviews';
import { nextQuietChangeMs, quietAt } from './quiet';

/** Announcements older than this are forgotten once they cannot come again. */
const FORGOTTEN_AFTER_MS = 90 * DAY_MS;
/** At most this many changes of the mode while the program was off are announced, the newest ones. */
const MOST_MODE_CHANGES = 50;

export interface FactKeeperParts {
  readonly replica: Replica;
  readonly settings: NotificationSettings;
  readonly clock: Clock;
  /** Returns true if a notification of an answer shows the outcome of this operation. */
  readonly isWatched: (operationId: string) => boolean;
}

/** The facts of one account. */
interface Kept {
  readonly store: AccountStore;
  readonly memory: AnnouncementMemory;
  readonly reviews: OpenReviews;
  readonly modeChanges: Map<string, ModeChange>;
  readonly grants: Map<string, Range>;
  /** Events of a feed answer that is not complete, during which the mode may be an older one. */
  incoming: readonly AuditEvent[];
}

/**
 * Keeps the facts for the policy up to date from the replica's changes, so that the cost of a change depends on its size alone.
 */
export class FactKeeper {
  readonly #parts: FactKeeperParts;
  /** The moment from which this account is followed; an outage cannot begin before it. */
  #startedMs: number;
  #outage: OutageState = NOTHING_AMISS;
  #kept: Kept | null = null;
  #isSynced = false;
  #undecided: { readonly conflicts: number; readonly asking: number; readonly ids: readonly string[] } =
    NONE_UNDECIDED;
  /** The quiet settings at the last evaluation. */
  #pauses: { readonly isQuiet: boolean; readonly mutedKeyIds: ReadonlySet<string> } | null = null;

  constructor(parts: FactKeeperParts) {
    this.#parts = parts;
    this.#startedMs = parts.clock.now();
  }

  /** The announcements of the shown account; null before the first connection. */
  get memory(): AnnouncementMemory | null {
    return this.#kept?.memory ?? null;
  }

  get reviews(): OpenReviews | null {
    return this.#kept?.reviews ?? null;
  }

  /** True once the mirror has equalled the service in this run of the program. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  take(change: ReplicaChange): void {
    const { replica, clock } = this.#parts;
    if (change === null) this.#begin(replica.store);
    else this.#follow(change);
    this.#outage = outageAfter(this.#outage, replica.connection, clock.now(), this.#startedMs);
    this.#collectUndecided(change === null);
    if (change?.lastSyncAt !== undefined) this.#synced();
  }

  /** Returns the snapshot for the policy; null until the baseline is complete. */
  facts(): Facts | null {
    const { replica, settings, clock } = this.#parts;
    if (this.#kept === null || replica.lastSyncAt === null || !this.#kept.memory.hasBaseline) return null;
    const { reviews, modeChanges, grants } = this.#kept;
    const nowMs = clock.now();
    const { pauses, mutedKeyIds } = settings;
    const quiet = quietAt(nowMs, pauses)?.reason ?? null;
    const isQuiet = quiet !== null || !pauses.preferences.causes.question;
    this.#release(isQuiet, mutedKeyIds);
    const { account } = replica.view;
    return {
      nowMs,
      quiet,
      nextQuietChangeMs: nextQuietChangeMs(nowMs, pauses),
      mutedKeyIds,
      hidesDetails: settings.hidesDetails,
      mayAnswer: lacks(replica.view, 'authorized_ips') === null,
      serviceName: serviceName(replica),
      reviews,
      isOnline: replica.connection.kind === 'online',
      outage: this.#outage.outage,
      serviceState: toldState(replica.connection),
      signedOut: this.#outage.signedOut,
      undecidedIds: this.#undecided.ids,
      mode: account?.mode ?? null,
      modeChanges: [...modeChanges.values()],
      learning: learningOf(account, replica.clockOffsetMs),
      grants: [...grants.values()],
    };
  }

  /** Removes subjects that need no announcement any more. */
  settled(cause: Cause, subjects: readonly string[]): void {
    if (this.#kept === null) return;
    const { reviews, modeChanges, grants } = this.#kept;
    if (cause === 'question') reviews.settled(subjects);
    for (const subject of subjects) {
      if (cause === 'mode_changed') modeChanges.delete(subject);
      if (cause === 'grant_added') grants.delete(subject);
    }
  }

  /** Notes that the subjects are held back until quiet ends. */
  heldBack(cause: Cause, subjects: readonly string[]): void {
    if (cause === 'question') this.#kept?.reviews.heldBack(subjects);
  }

  #begin(store: AccountStore | null): void {
    const { replica, clock } = this.#parts;
    this.#isSynced = false;
    this.#pauses = null;
    this.#startedMs = clock.now();
    this.#outage = NOTHING_AMISS;
    if (store === null) {
      this.#kept = null;
      return;
    }
    const memory = new AnnouncementMemory(store);
    const reviews = new OpenReviews(memory, replica.reviews());
    this.#kept = { store, memory, reviews, modeChanges: new Map(), grants: new Map(), incoming: [] };
    if (!memory.hasBaseline) return;
    for (const range of replica.view.ranges()) this.#putRange(range);
    this.#putEvents(
      store.audit.page(
        { text: MODE_ACTION },
        { before: null, from: memory.newestSeen('mode_changed'), limit: MOST_MODE_CHANGES },
      ),
    );
  }

  #follow({ reviews: changed, ranges, audit }: NonNullable<ReplicaChange>): void {
    if (this.#kept === null) return;
    const { reviews, memory, grants } = this.#kept;
    for (const review of changed?.upserted ?? []) reviews.put(review);
    for (const id of changed?.removed ?? []) reviews.remove(id);
    if (!memory.hasBaseline) return;
    for (const range of ranges?.upserted ?? []) this.#putRange(range);
    for (const id of ranges?.removed ?? []) grants.delete(id);
    this.#kept.incoming = [...this.#kept.incoming, ...(audit ?? [])];
  }

  #putRange(range: Range): void {
    if (range.source === 'automatic' && this.#kept?.memory.has('grant_added', range.id) === false) {
      this.#kept.grants.set(range.id, range);
    }
  }

  #putEvents(events: readonly AuditEvent[]): void {
    const me = this.#parts.replica.view.account?.me;
    if (this.#kept === null || me === undefined) return;
    const { memory, modeChanges } = this.#kept;
    for (const event of events.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const change = memory.has('mode_changed', event.id) ? null : modeChangeOf(event, me);
      if (change !== null) modeChanges.set(change.id, change);
    }
  }

  /** The mirror equals the service. The first time completes the baseline. */
  #synced(): void {
    if (this.#kept === null) return;
    this.#putEvents(this.#kept.incoming);
    this.#kept.incoming = [];
    if (this.#isSynced) return;
    this.#isSynced = true;
    const { replica, clock } = this.#parts;
    const { memory, reviews, store } = this.#kept;
    const nowMs = clock.now();
    if (memory.hasBaseline) {
      memory.prune(
        nowMs - FORGOTTEN_AFTER_MS,
        (cause, subject) =>
          (cause === 'question' && reviews.pending.has(subject)) || this.#undecided.ids.includes(subject),
      );
      return;
    }
    const known = [...reviews.pending.keys()];
    const learning = learningOf(replica.view.account, replica.clockOffsetMs);
    memory.takeBaseline(
      {
        reviewIds: known,
        learning: learning !== null && learningDueMs(learning) <= nowMs ? learningSubject(learning) : null,
        newest: {
          mode_changed: store.audit.page({}, { before: null, from: null, limit: 1 })[0]?.id ?? '',
          grant_added: newestGrant(replica.view.ranges()),
        },
      },
      nowMs,
    );
    reviews.settled(known.filter((id) => memory.has('question', id)));
  }

  #collectUndecided(anew: boolean): void {
    const { outbox } = this.#parts.replica;
    const { conflicts, needsConfirmation: asking } = outbox?.counts() ?? NO_COUNTS;
    if (!anew && conflicts === this.#undecided.conflicts && asking === this.#undecided.asking) return;
    if (outbox === null || conflicts + asking === 0) {
      this.#undecided = NONE_UNDECIDED;
      return;
    }
    const ids = outbox
      .entries()
      .filter(({ state, operation }) => state.kind === 'parked' && !this.#parts.isWatched(operation.id))
      .map(({ operation }) => operation.id);
    this.#undecided = { conflicts, asking, ids };
  }

  /** Releases what is held back, but only when the quiet settings have changed. */
  #release(isQuiet: boolean, mutedKeyIds: ReadonlySet<string>): void {
    if (this.#pauses?.isQuiet === isQuiet && this.#pauses.mutedKeyIds === mutedKeyIds) return;
    this.#pauses = { isQuiet, mutedKeyIds };
    if (!isQuiet) this.#kept?.reviews.release(({ keyId }) => mutedKeyIds.has(keyId));
  }
}

const NO_COUNTS = { conflicts: 0, needsConfirmation: 0 } as const;
const NONE_UNDECIDED = { conflicts: 0, asking: 0, ids: [] } as const;

function newestGrant(ranges: Iterable<Range>): string {
  let newest = '';
  for (const { id, source } of ranges) if (source === 'automatic' && id > newest) newest = id;
  return newest;
}

/** `endsAt` is by the service's clock, which is `clockOffsetMs` ahead of this computer's. */
function learningOf(account: Account | null, clockOffsetMs: number): Facts['learning'] {
  if (account?.mode !== 'learning' || account.learning === null) return null;
  const { endsAt, windowSeconds } = account.learning;
  return endsAt === null
    ? null
    : { endsAtMs: Date.parse(endsAt) - clockOffsetMs, windowMs: windowSeconds * 1_000 };
}

function serviceName({ service }: Replica): string {
  return service === null || service.kind === 'embedded'
    ? 'the service on this computer'
    : new URL(service.url).host;
}
