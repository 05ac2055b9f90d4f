import type { FeedHub } from '../feed/hub';
import type { FeedHead, PolicyChanges } from '../storage/repositories/policy-changes';
import type { KeyRow } from '../storage/repositories/keys';
import type { RangeRow } from '../storage/repositories/ranges';
import type { Repositories } from '../storage/storage';
import { DatabaseUnavailableError } from '../storage/unavailable';
import type { OtherProcesses } from '../storage/writer';
import { AccountPolicy, isStanding, standingReviewOf, type PolicyDirectory } from './policy';

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
};

/**
 * Brings the policies in memory up to what other processes have written to the same database. The account's change
 * feed says what that is: every change of what verdicts need has its place there.
 */
export class PolicyFollower implements OtherProcesses {
  readonly #directory: PolicyDirectory;
  readonly #hub: FeedHub;
  #heard: FeedHead[] = [];

  constructor(directory: PolicyDirectory, hub: FeedHub) {
    this.#directory = directory;
    this.#hub = hub;
  }

  /** Remembers how far feeds have come, until memory has caught up. */
  heard(heads: readonly FeedHead[]): void {
    this.#heard.push(...heads);
  }

  isBehind(): boolean {
    this.#heard = this.#heard.filter(
      ({ accountId, seq }) => seq > (this.#directory.find(accountId)?.appliedSeq ?? -1),
    );
    return this.#heard.length > 0;
  }

  /** @throws DatabaseWentBackError when memory holds what the database has lost. */
  async catchUp(tx: Repositories): Promise<void> {
    // What was heard by now is committed, and seen by the reads that follow.
    const heard = this.#heard;
    this.#heard = [];
    try {
      for (const { accountId, seq } of await tx.policyChanges.heads()) {
        const known = this.#directory.find(accountId);
        if (known?.appliedSeq === seq) continue;
        if (known !== undefined && known.appliedSeq > seq) throw new DatabaseWentBackError();
        this.#apply(known, await tx.policyChanges.since(accountId, known?.appliedSeq ?? -1), seq);
      }
    } catch (error) {
      this.heard(heard);
      throw error;
    }
  }

  wrote(heads: readonly FeedHead[]): void {
    for (const { accountId, seq } of heads) {
      const policy = this.#directory.find(accountId);
      if (policy !== undefined) policy.appliedSeq = seq;
    }
  }

  /** Without a pause in it: no verdict sees half of a change. */
  #apply(known: AccountPolicy | undefined, changes: PolicyChanges, seq: number): void {
    const policy = known ?? new AccountPolicy(changes.account);
    policy.setAccount(changes.account);
    // First, for a range that was removed and added again under its old id.
    for (const id of changes.removedRangeIds) policy.ranges.delete(id);
    for (const row of changes.ranges) setRange(policy, row);
    const changedKeys = changes.keys.filter((row) => !isSameKey(policy.keys.get(row.id), row));
    for (const row of changes.keys) policy.keys.set(row.id, row);
    if (changedKeys.length > 0) for (const secret of changes.secrets) this.#directory.setSecret(secret);
    for (const row of changes.reviews) {
      if (isStanding(row)) policy.setStandingReview(standingReviewOf(row));
      else if (policy.standingReview(row.ip, row.key_id)?.id === row.id) {
        policy.dropStandingReview(row.ip, row.key_id);
      }
    }
    policy.appliedSeq = seq;
    if (known === undefined) this.#directory.addAccount(policy);
    this.#hub.publish(policy.id);
  }
}
