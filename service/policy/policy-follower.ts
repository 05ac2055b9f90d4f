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

/** Ignores `last_used_at`, which changes often and matters to no verdict. */
function isSameKey(known: KeyRow | undefined, row: KeyRow): boolean {
  return (
    known !== undefined &&
    known.status === row.status &&
    known.prefix === row.prefix &&
    known.rotated_at === row.rotated_at
  );
}

/** Returns true if the database is a copy in the place of the one in which the epoch began. */
function isElsewhere(states: readonly FeedState[]): boolean {
  return states.some(({ isHere }) => !isHere);
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
  /** True if the database is a copy of the one that was read before, or has lost what was read. */
  #needsEpoch = false;
  /** Epoch that the current write has begun. */
  #begun: string | undefined;

  readonly #onHistoryLost: () => void;

  constructor(
    directory: PolicyDirectory,
    hub: FeedHub,
    /** Called when memory held changes that the database has lost, after it was loaded anew. */
    onHistoryLost: () => void,
  ) {
    this.#directory = directory;
    this.#hub = hub;
    this.#onHistoryLost = onHistoryLost;
  }

  /** Remembers reported heads of feeds until memory has caught up with them. */
  heard(heads: readonly FeedHead[]): void {
    this.#heard.push(...heads);
  }

  /** Compares memory with the reported states. Memory may be newer than they are. */
  compare(states: readonly FeedState[]): void {
    this.heard(states);
    const accounts = this.#directory.accounts();
    this.#needsEpoch ||= isElsewhere(states);
    this.#isInDoubt ||=
      states.length < accounts.length ||
      states.some(({ epoch }) => epoch !== this.#directory.epoch) ||
      states.some(({ accountId, seq }) => seq < (this.#directory.find(accountId)?.appliedSeq ?? 0));
  }

  /** True if the database is another one than before, or has lost what was read. The next write then begins an epoch. */
  get needsEpoch(): boolean {
    return this.#needsEpoch;
  }

  isBehind(): boolean {
    this.#heard = this.#heard.filter(
      ({ accountId, seq }) => seq > (this.#directory.find(accountId)?.appliedSeq ?? -1),
    );
    return this.#isInDoubt || this.#heard.length > 0;
  }

  /** Applies what memory lacks. Where the database has lost what memory holds, memory is loaded anew. */
  async catchUp(tx: Repositories): Promise<void> {
    // These heads are committed, so the reads below see them.
    const heard = this.#heard;
    this.#heard = [];
    try {
      const states = await tx.policyChanges.heads();
      if (states.length === 0 && this.#directory.accounts().length > 0) {
        throw new DatabaseUnavailableError(undefined, { reason: 'withoutAccount' });
      }
      this.#needsEpoch ||= isElsewhere(states);
      if (isElsewhere(states)) await tx.epochs.requireWhole();
      if (await this.#isSameHistory(tx, states)) await this.#applyChanges(tx, states);
      else await this.#loadAnew(tx);
      this.#directory.epoch = states[0]?.epoch ?? (await tx.epochs.current());
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
    if (this.#needsEpoch) this.#begun = await tx.epochs.begin();
  }

  headOf(accountId: string): number | undefined {
    return this.#directory.find(accountId)?.appliedSeq;
  }

  wrote(heads: readonly FeedHead[]): void {
    if (this.#begun !== undefined) {
      this.#directory.epoch = this.#begun;
      this.#needsEpoch = false;
    }
    for (const { accountId, seq } of heads) {
      const policy = this.#directory.find(accountId);
      if (policy !== undefined) policy.appliedSeq = seq;
    }
  }

  /** Memory, like a cursor, must be a point in this database's history; see `readChanges`. */
  async #isSameHistory(tx: Repositories, states: readonly FeedState[]): Promise<boolean> {
    const { epoch: ownEpoch } = this.#directory;
    for (const { id, appliedSeq } of this.#directory.accounts()) {
      const state = states.find(({ accountId }) => accountId === id);
      const end =
        state === undefined || ownEpoch === null || state.epoch === ownEpoch
          ? state?.seq
          : await tx.epochs.endOf(id, ownEpoch);
      if (end === undefined || appliedSeq > end) return false;
    }
    return true;
  }

  async #applyChanges(tx: Repositories, states: readonly FeedState[]): Promise<void> {
    for (const { accountId, seq } of states) {
      const known = this.#directory.find(accountId);
      if (known?.appliedSeq === seq) continue;
      this.#apply(known, await tx.policyChanges.since(accountId, known?.appliedSeq ?? -1), seq);
    }
  }

  async #loadAnew(tx: Repositories): Promise<void> {
    this.#directory.replaceWith(await this.#directory.loadAnew(tx));
    this.#needsEpoch = true;
    // Waiting readers must not wait for a history that does not continue.
    this.#hub.publishToAll();
    this.#onHistoryLost();
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
