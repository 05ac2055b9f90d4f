import { learningDueMs } from '#shared/domain/learning-end';
import { isUndecided } from '#shared/domain/outbox';
import { DAY_MS } from '#shared/durations';
import { isReporting } from '#shared/domain/reporting';
import type { AuditEvent, Range } from '#shared/domain/entities';
import type { Cause } from '#shared/ipc/notifications';
import { toldState } from '#shared/ipc/service-words';
import { t } from '#shared/i18n/t';
import { lacks } from '../outbox/plan-operation';
import type { Clock } from '../ports';
import type { AccountStore } from '../store/account-store';
import type { AnnouncedHow } from '../store/announced';
import type { Replica } from '../sync/replica';
import type { ReplicaChange } from '../sync/window-feed';
import { newestGrant } from './causes/grant-added';
import { learningOf, learningSubject } from './causes/learning-ending';
import { MODE_ACTION, modeChangeOf } from './causes/mode-changed';
import { isInTrouble } from './causes/source-trouble';
import { NO_OUTAGE, outageAfter } from './causes/unreachable';
import type { Facts, ModeChange } from './facts';
import { AnnouncementMemory } from './memory';
import type { NotificationSettings } from './notification-settings';
import { OpenReviews } from './open-reviews';
import { nextQuietChangeMs, quietAt } from './quiet';

/** Announcements older than this are forgotten once they cannot come again. */
const FORGOTTEN_AFTER_MS = 90 * DAY_MS;
/** At most this many changes of the mode while the program was off are announced, the newest ones. */
const MOST_MODE_CHANGES = 50;

export interface AccountFactsParts {
  readonly replica: Replica;
  readonly settings: NotificationSettings;
  readonly clock: Clock;
  /** Returns true if a notification of an answer shows the outcome of this operation. */
  readonly isWatched: (operationId: string) => boolean;
}

/**
 * The facts about the shown account. They follow the replica's changes, so that the cost of a change depends on its size alone.
 */
export class AccountFacts {
  readonly memory: AnnouncementMemory;
  readonly reviews: OpenReviews;
  readonly #parts: AccountFactsParts;
  readonly #store: AccountStore;
  readonly #modeChanges = new Map<string, ModeChange>();
  readonly #grants = new Map<string, Range>();
  /** An outage cannot begin before this moment. */
  readonly #startedMs: number;
  #outage = NO_OUTAGE;
  #undecided: { readonly conflicts: number; readonly asking: number; readonly ids: readonly string[] } =
    NONE_UNDECIDED;
  /** Events of a feed answer that is not complete, during which the mode may be an older one. */
  #incoming: readonly AuditEvent[] = [];
  #isSynced = false;
  /** The quiet settings at the last evaluation. */
  #pauses: { readonly isQuiet: boolean; readonly mutedKeyIds: ReadonlySet<string> } | undefined;

  constructor(parts: AccountFactsParts, store: AccountStore) {
    const { replica, clock } = parts;
    this.#parts = parts;
    this.#store = store;
    this.#startedMs = clock.now();
    this.memory = new AnnouncementMemory(store);
    this.reviews = new OpenReviews(this.memory, replica.reviews());
    this.#followConnection();
    this.#collectUndecided();
    if (!this.memory.hasBaseline) return;
    for (const range of replica.view.ranges()) this.#putRange(range);
    this.#putEvents(
      store.audit.page(
        { text: MODE_ACTION },
        { before: null, from: this.memory.newestSeen('mode_changed'), limit: MOST_MODE_CHANGES },
      ),
    );
  }

  /** True once the mirror has equalled the service in this run of the program. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  follow({ reviews, ranges, audit, lastSyncAt }: NonNullable<ReplicaChange>): void {
    for (const review of reviews?.upserted ?? []) this.reviews.put(review);
    for (const id of reviews?.removed ?? []) this.reviews.remove(id);
    if (this.memory.hasBaseline) {
      for (const range of ranges?.upserted ?? []) this.#putRange(range);
      for (const id of ranges?.removed ?? []) this.#grants.delete(id);
      this.#incoming = [...this.#incoming, ...(audit ?? [])];
    }
    this.#followConnection();
    const { conflicts, needsConfirmation } = this.#parts.replica.outbox?.counts() ?? NO_COUNTS;
    if (conflicts !== this.#undecided.conflicts || needsConfirmation !== this.#undecided.asking) {
      this.#collectUndecided();
    }
    if (lastSyncAt !== undefined) this.#synced();
  }

  /** Returns the snapshot for the policy; undefined until the baseline is complete. */
  snapshot(): Facts | undefined {
    const { replica, settings, clock } = this.#parts;
    if (replica.lastSyncAt === null || !this.memory.hasBaseline) return undefined;
    const nowMs = clock.now();
    const { pauses, mutedKeyIds } = settings;
    const quiet = quietAt(nowMs, pauses)?.reason ?? null;
    this.#release(quiet !== null || !pauses.preferences.causes.review, mutedKeyIds);
    const { account } = replica.view;
    return {
      nowMs,
      quiet,
      nextQuietChangeMs: nextQuietChangeMs(nowMs, pauses),
      mutedKeyIds,
      isReporting: (keyId) => isReporting(account, replica.mirroredOne('key', keyId)),
      hidesDetails: settings.hidesDetails,
      mayAnswer: lacks(replica.view, 'authorized_ips') === null,
      serviceName: serviceName(replica),
      reviews: this.reviews,
      isOnline: replica.connection.kind === 'online',
      ...this.#outage,
      serviceState: toldState(replica.connection),
      undecidedIds: this.#undecided.ids,
      mode: account?.mode ?? null,
      modeChanges: [...this.#modeChanges.values()],
      learning: learningOf(account, replica.clockOffsetMs),
      grants: [...this.#grants.values()],
      sources: replica.mirrored('source'),
    };
  }

  /** Notes that the subjects need no announcement any more. */
  remember(cause: Cause, subjects: readonly string[], how: Exclude<AnnouncedHow, 'held'> = 'single'): void {
    this.memory.remember(cause, subjects, how, this.#parts.clock.now());
    if (cause === 'review') this.reviews.settled(subjects);
    for (const subject of subjects) {
      if (cause === 'mode_changed') this.#modeChanges.delete(subject);
      if (cause === 'grant_added') this.#grants.delete(subject);
    }
  }

  /** Holds the subjects back until quiet ends. */
  hold(cause: Cause, subjects: readonly string[]): void {
    this.memory.hold(cause, subjects, this.#parts.clock.now());
    if (cause === 'review') this.reviews.heldBack(subjects);
  }

  #followConnection(): void {
    const { replica, clock } = this.#parts;
    this.#outage = outageAfter(this.#outage, replica.connection, clock.now(), this.#startedMs);
  }

  #putRange(range: Range): void {
    if (range.source === 'automatic' && !this.memory.has('grant_added', range.id)) {
      this.#grants.set(range.id, range);
    }
  }

  #putEvents(events: readonly AuditEvent[]): void {
    const me = this.#parts.replica.view.account?.me;
    if (me === undefined) return;
    for (const event of events.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const change = this.memory.has('mode_changed', event.id) ? null : modeChangeOf(event, me);
      if (change !== null) this.#modeChanges.set(change.id, change);
    }
  }

  /** The mirror equals the service. The first time completes the baseline. */
  #synced(): void {
    this.#putEvents(this.#incoming);
    this.#incoming = [];
    if (this.#isSynced) return;
    this.#isSynced = true;
    const { replica, clock } = this.#parts;
    const { memory, reviews } = this;
    const nowMs = clock.now();
    if (memory.hasBaseline) {
      memory.prune(
        nowMs - FORGOTTEN_AFTER_MS,
        (cause, subject) =>
          (cause === 'review' && reviews.pending.has(subject)) ||
          cause === 'source_trouble' ||
          this.#undecided.ids.includes(subject),
      );
      return;
    }
    const known = [...reviews.pending.keys()];
    const learning = learningOf(replica.view.account, replica.clockOffsetMs);
    memory.takeBaseline(
      {
        reviewIds: known,
        learning: learning !== null && learningDueMs(learning) <= nowMs ? learningSubject(learning) : null,
        sources: replica
          .mirrored('source')
          .filter(isInTrouble)
          .map(({ id }) => id),
        newest: {
          mode_changed: this.#store.audit.page({}, { before: null, from: null, limit: 1 })[0]?.id ?? '',
          grant_added: newestGrant(replica.view.ranges()),
        },
      },
      nowMs,
    );
    reviews.settled(known.filter((id) => memory.has('review', id)));
  }

  #collectUndecided(): void {
    const { outbox } = this.#parts.replica;
    const { conflicts, needsConfirmation: asking } = outbox?.counts() ?? NO_COUNTS;
    if (outbox === null || conflicts + asking === 0) {
      this.#undecided = NONE_UNDECIDED;
      return;
    }
    const ids = outbox
      .all()
      .filter(({ state, operation }) => isUndecided(state) && !this.#parts.isWatched(operation.id))
      .map(({ operation }) => operation.id);
    this.#undecided = { conflicts, asking, ids };
  }

  /** Releases what is held back, but only when the quiet settings have changed. */
  #release(isQuiet: boolean, mutedKeyIds: ReadonlySet<string>): void {
    if (this.#pauses?.isQuiet === isQuiet && this.#pauses.mutedKeyIds === mutedKeyIds) return;
    this.#pauses = { isQuiet, mutedKeyIds };
    if (!isQuiet) this.reviews.release(({ keyId }) => mutedKeyIds.has(keyId));
  }
}

const NO_COUNTS = { conflicts: 0, needsConfirmation: 0 } as const;
const NONE_UNDECIDED = { conflicts: 0, asking: 0, ids: [] } as const;

function serviceName({ service }: Replica): string {
  return service === null || service.kind === 'embedded'
    ? t('notices.serviceHere')
    : new URL(service.url).host;
}
