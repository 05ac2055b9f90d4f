import type { FeedHub } from '../storage/feed-hub';
import type { FeedHead, FeedState, PolicyChanges } from '../storage/repositories/policy-changes';
import type { KeyRow } from '../storage/repositories/keys';
import type { RangeRow } from '../storage/repositories/ranges';
import type { Repositories } from '../storage/storage';
import { DatabaseUnavailableError } from '../storage/unavailable';
import type { OtherProcesses } from '../storage/writer';
import { AccountPolicy, isActive, policyReviewOf, type PolicyDirectory } from './policy';

/** The database holds less than it has held: a backup was put back, or a standby took over that lacked the newest. */
export class DatabaseWentBackError extends DatabaseUnavailableError {
  constructor() {
    super(undefined, 'it is older than what was read from it before; restart the service');
  }
}

/** Use is told with each change of `last_used_at`; what verdicts need changes rarely. */
const isSameKey = (known: KeyRow | undefined, row: KeyRow): boolean =>
  known !== undefined &&
  known.status === row.status &&
  known.prefix === row.prefix &&
  known.rotated_at === row.rotated_at;

const setRange = (policy: AccountPolicy, row: RangeRow): void => {
  const known = policy.ranges.get(row.id);
  const isSame =
    known !== undefined &&
    known.effect === row.effect &&
    known.keyId === row.key_id &&
    known.expiresAt === row.expires_at;
  if (!isSame) policy.setRange(row);
  // The key that brought it is not known here.
  if (known === undefined) policy.forgetRangesOfKeys();
};

/**
 * Brings the policies in memory up to what other processes have written to the same database. The account's change
 * feed says what that is: every change of what verdicts need has its place there.
 */
export class PolicyFollower implements OtherProcesses {
  readonly #directory: PolicyDirectory;
  readonly #hub: FeedHub;
  #heard: FeedHead[] = [];
  /** Whether the database has said something that does not go on from what memory holds. */
  #isInDoubt = false;
  #isElsewhere = false;
  /** The epoch that the write under way has begun. */
  #begun: string | undefined;

  constructor(directory: PolicyDirectory, hub: FeedHub) {
    this.#directory = directory;
    this.#hub = hub;
  }

  /** Remembers how far feeds have come, until memory has caught up. */
  heard(heads: readonly FeedHead[]): void {
    this.#heard.push(...heads);
  }

  /** Compares memory with what the database says of itself. Memory may have moved on since it was asked. */
  compare(states: readonly FeedState[]): void {
    this.heard(states);
    const accounts = this.#directory.accounts();
    this.#isElsewhere = states.some(({ isHere }) => !isHere);
    this.#isInDoubt ||=
      states.length < accounts.length ||
      states.some(({ epoch }) => epoch !== this.#directory.epoch) ||
      states.some(({ accountId, seq }) => seq < (this.#directory.find(accountId)?.appliedSeq ?? 0));
  }

  /** Whether the database is a copy in the place of another one, in which the next write begins an epoch. */
  get isElsewhere(): boolean {
    return this.#isElsewhere;
  }

  isBehind(): boolean {
    this.#heard = this.#heard.filter(
      ({ accountId, seq }) => seq > (this.#directory.find(accountId)?.appliedSeq ?? -1),
    );
    return this.#isInDoubt || this.#heard.length > 0;
  }

  /** @throws DatabaseWentBackError when memory holds what the database has lost. */
  async catchUp(tx: Repositories): Promise<void> {
    // What was heard by now is committed, and seen by the reads that follow.
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
    // What follows is written to a copy. The history that it was copied from may have gone on in another way.
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

  /** What memory holds is a moment of this database's history, as a cursor is; see `readChanges`. */
  async #requireSameHistory(tx: Repositories, states: readonly FeedState[]): Promise<void> {
    const { epoch: ownEpoch } = this.#directory;
    for (const { id, appliedSeq } of this.#directory.accounts()) {
      const state = states.find(({ accountId }) => accountId === id);
      const end =
        state === undefined || ownEpoch === null || state.epoch === ownEpoch
          ? state?.seq
          : await tx.epochs.endOf(id, ownEpoch);
      if (end !== undefined && appliedSeq <= end) continue;
      // Readers who wait would wait for a history that does not go on.
      this.#hub.publish(id);
      throw new DatabaseWentBackError();
    }
  }

  /** Without a pause in it: no verdict sees half of a change. */
  #apply(known: AccountPolicy | undefined, changes: PolicyChanges, seq: number): void {
    const policy = known ?? new AccountPolicy(changes.account);
    policy.setAccount(changes.account);
    // First, for a range that was removed and added again under its old id.
    for (const id of changes.removedRangeIds) policy.removeRange(id);
    for (const row of changes.ranges) setRange(policy, row);
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
