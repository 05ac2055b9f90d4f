import { fillsList } from '#shared/domain/source-spec';
import type { FeedHub } from '../storage/feed-hub';
import type { FeedHead, FeedState, PolicyChanges } from '../storage/repositories/policy-changes';
import type { KeyRow } from '../storage/repositories/keys';
import type { RangeRow } from '../storage/repositories/ranges';
import type { Repositories } from '../storage/storage';
import { DatabaseUnavailableError } from '../storage/unavailable';
import type { OtherProcesses } from '../storage/writer';
import { isActive, policyReviewOf, type AccountPolicy } from './policy';
import type { PolicyDirectory } from './policy-directory';

/** The database has lost rows that memory holds: a backup was restored, or a standby without the newest rows took over. */
export class DatabaseWentBackError extends DatabaseUnavailableError {
  constructor() {
    super(undefined, 'it is older than what was read from it before; restart the service');
  }
}

/** Ignores `last_used_at`, which changes often and matters to no verdict. */
function isSameKey(known: KeyRow | undefined, row: KeyRow): boolean {
  return (
    known !== undefined &&
    known.status === row.status &&
    known.prefix === row.prefix &&
    known.rotated_at === row.rotated_at
  );
}

function setRange(policy: AccountPolicy, row: RangeRow): void {
  const known = policy.ranges.get(row.id);
  const isSame =
    known !== undefined &&
    known.effect === row.effect &&
    known.keyId === row.key_id &&
    known.expiresAt === row.expires_at;
  if (!isSame) policy.setRange(row);
  // The row does not say which key brought the range.
  if (known === undefined) policy.forgetRangesOfKeys();
}

/**
 * Brings memory up to what other processes wrote to the same database. The account's change feed is complete for this: each
 * change that verdicts depend on has a sequence number there.
 */
export class PolicyFollower implements OtherProcesses {
  readonly #directory: PolicyDirectory;
  readonly #hub: FeedHub;
  #heard: FeedHead[] = [];
  /** True if the database reported a state that does not follow from memory. */
  #isInDoubt = false;
  #isElsewhere = false;
  /** Epoch that the current write has begun. */
  #begun: string | undefined;

  constructor(directory: PolicyDirectory, hub: FeedHub) {
    this.#directory = directory;
    this.#hub = hub;
  }

  /** Remembers reported heads of feeds until memory has caught up with them. */
  heard(heads: readonly FeedHead[]): void {
    this.#heard.push(...heads);
  }

  /** Compares memory with the reported states. Memory may be newer than they are. */
  compare(states: readonly FeedState[]): void {
    this.heard(states);
    const accounts = this.#directory.accounts();
    this.#isElsewhere = states.some(({ isHere }) => !isHere);
    this.#isInDoubt ||=
      states.length < accounts.length ||
      states.some(({ epoch }) => epoch !== this.#directory.epoch) ||
      states.some(({ accountId, seq }) => seq < (this.#directory.find(accountId)?.appliedSeq ?? 0));
  }

  /** True if the database is a copy of the one that was read before. The next write then begins an epoch. */
  get isElsewhere(): boolean {
    return this.#isElsewhere;
  }

  isBehind(): boolean {
    this.#heard = this.#heard.filter(
      ({ accountId, seq }) => seq > (this.#directory.find(accountId)?.appliedSeq ?? -1),
    );
    return this.#isInDoubt || this.#heard.length > 0;
  }

  /** @throws DatabaseWentBackError if memory holds rows that the database has lost. */
  async catchUp(tx: Repositories): Promise<void> {
    // These heads are committed, so the reads below see them.
    const heard = this.#heard;
    this.#heard = [];
    try {
      const states = await tx.policyChanges.heads();
      await this.#requireSameHistory(tx, states);
      for (const { accountId, seq } of states) {
        const known = this.#directory.find(accountId);
        if (known?.appliedSeq === seq) continue;
        this.#apply(known, await tx.policyChanges.since(accountId, known?.appliedSeq ?? -1), seq);
      }
      this.#directory.epoch = states[0]?.epoch ?? (await tx.epochs.current());
      this.#isElsewhere = states.some(({ isHere }) => !isHere);
      this.#isInDoubt = false;
    } catch (error) {
      this.heard(heard);
      throw error;
    }
  }

  async beginWrite(tx: Repositories): Promise<void> {
    this.#begun = undefined;
    await this.catchUp(tx);
    // The original of this copy may have gone on differently, so the writes to the copy need an epoch of their own.
    if (this.#isElsewhere) this.#begun = await tx.epochs.begin();
  }

  wrote(heads: readonly FeedHead[]): void {
    if (this.#begun !== undefined) {
      this.#directory.epoch = this.#begun;
      this.#isElsewhere = false;
    }
    for (const { accountId, seq } of heads) {
      const policy = this.#directory.find(accountId);
      if (policy !== undefined) policy.appliedSeq = seq;
    }
  }

  /** Memory, like a cursor, must be a point in this database's history; see `readChanges`. */
  async #requireSameHistory(tx: Repositories, states: readonly FeedState[]): Promise<void> {
    const { epoch: ownEpoch } = this.#directory;
    for (const { id, appliedSeq } of this.#directory.accounts()) {
      const state = states.find(({ accountId }) => accountId === id);
      const end =
        state === undefined || ownEpoch === null || state.epoch === ownEpoch
          ? state?.seq
          : await tx.epochs.endOf(id, ownEpoch);
      if (end !== undefined && appliedSeq <= end) continue;
      // Waiting readers must not wait for a history that does not continue.
      this.#hub.publish(id);
      throw new DatabaseWentBackError();
    }
  }

  /** Is synchronous, so that no verdict sees half of a change. */
  #apply(known: AccountPolicy | undefined, changes: PolicyChanges, seq: number): void {
    const policy = known ?? this.#directory.newAccount(changes.account);
    policy.setAccount(changes.account);
    // Removals come first, because a range may have been added again under its old id.
    for (const id of changes.removedRangeIds) policy.removeRange(id);
    for (const row of changes.ranges) setRange(policy, row);
    for (const id of changes.removedSourceIds) policy.removeSource(id);
    for (const row of changes.sources) if (!fillsList(row.kind)) policy.setSource(row);
    const changedKeys = changes.keys.filter((row) => !isSameKey(policy.keys.get(row.id), row));
    for (const row of changes.keys) policy.setKey(row);
    if (changedKeys.length > 0) for (const secret of changes.secrets) this.#directory.setSecret(secret);
    for (const row of changes.reviews) {
      if (isActive(row)) policy.setActiveReview(policyReviewOf(row));
      else if (policy.activeReview(row.ip, row.key_id)?.id === row.id) {
        policy.dropActiveReview({ ip: row.ip, keyId: row.key_id });
      }
    }
    policy.appliedSeq = seq;
    if (known === undefined) this.#directory.addAccount(policy);
    this.#hub.publish(policy.id);
  }
}
