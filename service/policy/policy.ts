import { parseCidr, type IpAddress } from '#shared/ip/index';
import type { Mode, ReviewStatus } from '#shared/domain/entities';
import { reviewSubject } from '#shared/domain/review-subject';
import type { LearningState } from '../enforcement/learning';
import { RangeMatcher, type MatchRange } from '../enforcement/matcher';
import type { AccountRow } from '../storage/repositories/accounts';
import type { KeyRow, KeySecretRow } from '../storage/repositories/keys';
import type { RangeRow } from '../storage/repositories/ranges';
import type { ReviewRow } from '../storage/repositories/reviews';
import type { Storage } from '../storage/storage';

/**
 * A review that further calls of its address and key count towards: still open, or a denial that stands. For an IPv6 address
 * it stands for its /64.
 */
export interface PolicyReview {
  readonly id: string;
  readonly status: Extract<ReviewStatus, 'pending' | 'denied'>;
  readonly ip: string;
  readonly keyId: string;
  /** Whether it counts the addresses of its key that are too many to be asked about one by one. */
  readonly isOverflow: boolean;
}

/** Open reviews that a key may have. Nobody answers more, and a key that is tried from everywhere is probably leaked. */
export const MAX_OPEN_REVIEWS = 1_000;

/**
 * Ranges through which one key is let in, from which number on learning and the trust review add no more because of it: a key
 * that is used from everywhere would fill the list, which is in memory, without end.
 */
export const MAX_RANGES_OF_KEY = 5_000;

const subjectOf = ({ ip, keyId }: Pick<PolicyReview, 'ip' | 'keyId'>): string =>
  `${keyId} ${reviewSubject(ip)}`;

/**
 * One account's policy in memory, as far as verdicts need it. It is changed only after the database has the change,
 * so nobody is let in or kept out by something that a crash could take back.
 */
export class AccountPolicy {
  readonly id: string;
  #mode: Mode;
  #learning: LearningState;
  grants: { readonly ipv4PrefixLength: number; readonly ipv6PrefixLength: number };
  /** The place in the account's change feed up to which memory is sure to hold what the database has. */
  appliedSeq: number;
  readonly #keys = new Map<string, KeyRow>();
  readonly #ranges = new RangeMatcher();
  readonly #standing = new Map<string, PolicyReview>();
  /** How many open reviews each key has. */
  readonly #open = new Map<string, number>();
  /** The open review of a key that counts the rest, where there is one. */
  readonly #overflow = new Map<string, PolicyReview>();
  /** Through how many ranges a key is let in, where that was counted since the last of them went. */
  readonly #rangesOfKey = new Map<string, number>();
  #version = 0;

  constructor(account: AccountRow) {
    this.id = account.id;
    this.#mode = account.mode;
    this.#learning = learningStateOf(account);
    this.grants = grantsOf(account);
    this.appliedSeq = account.seq;
  }

  /** Raised by every change: what was worked out from the policy holds no longer than this stays. */
  get version(): number {
    return this.#version;
  }

  get mode(): Mode {
    return this.#mode;
  }

  set mode(mode: Mode) {
    this.#mode = mode;
    this.#version += 1;
  }

  get learning(): LearningState {
    return this.#learning;
  }

  set learning(learning: LearningState) {
    this.#learning = learning;
    this.#version += 1;
  }

  get keys(): ReadonlyMap<string, KeyRow> {
    return this.#keys;
  }

  setKey(row: KeyRow): void {
    this.#keys.set(row.id, row);
    this.#version += 1;
  }

  get ranges(): ReadonlyRanges {
    return this.#ranges;
  }

  /** Takes over what the account's own row says. */
  setAccount(account: AccountRow): void {
    this.mode = account.mode;
    this.learning = learningStateOf(account);
    this.grants = grantsOf(account);
  }

  match(address: IpAddress, keyId: string, now: number): MatchRange | undefined {
    return this.ranges.match(address, keyId, now);
  }

  /** The review that stands for the address itself, or its /64, and the key. */
  activeReview(ip: string, keyId: string): PolicyReview | undefined {
    return this.#standing.get(subjectOf({ ip, keyId }));
  }

  /**
   * The review that counts a further call: the one that stands for the address, or, while the key has as many open ones as it
   * may have, the one that counts the rest.
   */
  countingReview(ip: string, keyId: string): PolicyReview | undefined {
    const standing = this.activeReview(ip, keyId);
    if (standing !== undefined || this.openReviews(keyId) < MAX_OPEN_REVIEWS) return standing;
    return this.#overflow.get(keyId);
  }

  /** How many open reviews the key has. */
  openReviews(keyId: string): number {
    return this.#open.get(keyId) ?? 0;
  }

  /** The open review of the key that counts the rest while there are too many; undefined where there is none. */
  overflowReview(keyId: string): PolicyReview | undefined {
    return this.#overflow.get(keyId);
  }

  /**
   * The version, for a key that has as many open reviews as it may have: a further address changes nothing that is known of it.
   * Undefined for other keys.
   */
  crowdedVersion(keyId: string): number | undefined {
    return this.openReviews(keyId) < MAX_OPEN_REVIEWS ? undefined : this.#version;
  }

  setActiveReview(review: PolicyReview): void {
    this.#countOut(this.#standing.get(subjectOf(review)));
    this.#standing.set(subjectOf(review), review);
    if (review.status === 'pending') {
      this.#open.set(review.keyId, this.openReviews(review.keyId) + 1);
      if (review.isOverflow) this.#overflow.set(review.keyId, review);
    }
    this.#version += 1;
  }

  dropActiveReview(review: Pick<PolicyReview, 'ip' | 'keyId'>): void {
    const subject = subjectOf(review);
    this.#countOut(this.#standing.get(subject));
    this.#standing.delete(subject);
    this.#version += 1;
  }

  #countOut(review: PolicyReview | undefined): void {
    if (review?.status !== 'pending') return;
    this.#open.set(review.keyId, this.openReviews(review.keyId) - 1);
    if (this.#overflow.get(review.keyId)?.id === review.id) this.#overflow.delete(review.keyId);
  }

  activeReviews(): PolicyReview[] {
    return [...this.#standing.values()];
  }

  setRange(row: RangeRow): void {
    this.#ranges.set(matchRangeOf(row));
    this.#version += 1;
  }

  removeRange(rangeId: string): void {
    this.#ranges.delete(rangeId);
    this.#version += 1;
    this.forgetRangesOfKeys();
  }

  /** Through how many ranges the key is let in; undefined where that has to be counted. */
  rangesOfKey(keyId: string): number | undefined {
    return this.#rangesOfKey.get(keyId);
  }

  /** Whether no more ranges are added by themselves because of the key. */
  hasAllRanges(keyId: string): boolean {
    return (this.rangesOfKey(keyId) ?? 0) >= MAX_RANGES_OF_KEY;
  }

  /** Adds to the ranges of the key, of which there were so many when they were counted. */
  addRangesOfKey(keyId: string, added: number, counted: number): void {
    this.#rangesOfKey.set(keyId, (this.rangesOfKey(keyId) ?? counted) + added);
    this.#version += 1;
  }

  forgetRangesOfKeys(): void {
    this.#rangesOfKey.clear();
    this.#version += 1;
  }
}

/** A secret of a key: which account and key it stands for, and until when. */
export interface KnownSecret {
  readonly accountId: string;
  readonly keyId: string;
  readonly validUntil: number | null;
}

/** What there is to ask of the ranges; they are changed through the policy. */
export type ReadonlyRanges = Pick<RangeMatcher, 'size' | 'get' | 'match' | 'covering' | 'within'>;

/** All accounts in memory, and the way from a key's hash to its account. */
export class PolicyDirectory {
  /** The epoch of the database in which it was brought up to date last; null until then. */
  epoch: string | null = null;
  readonly #accounts = new Map<string, AccountPolicy>();
  readonly #secrets = new Map<string, KnownSecret>();

  addAccount(account: AccountPolicy): void {
    this.#accounts.set(account.id, account);
  }

  find(accountId: string): AccountPolicy | undefined {
    return this.#accounts.get(accountId);
  }

  account(accountId: string): AccountPolicy {
    const policy = this.find(accountId);
    if (policy === undefined) throw new Error(`account ${accountId} is not loaded`);
    return policy;
  }

  accounts(): AccountPolicy[] {
    return [...this.#accounts.values()];
  }

  secret(hash: string): KnownSecret | undefined {
    return this.#secrets.get(hash);
  }

  setSecret(row: KeySecretRow): void {
    this.#secrets.set(row.hash, {
      accountId: row.account_id,
      keyId: row.key_id,
      validUntil: row.valid_until,
    });
  }
}

export const learningStateOf = (account: AccountRow): LearningState => ({
  startedAt: account.learning_started_at,
  lastNewAddressAt: account.learning_last_new_at,
});

const grantsOf = (account: AccountRow): AccountPolicy['grants'] => ({
  ipv4PrefixLength: account.ipv4_grant_prefix,
  ipv6PrefixLength: account.ipv6_grant_prefix,
});

/** @throws when the stored text is not canonical, which only a damaged or foreign database can have. */
export const matchRangeOf = (row: RangeRow): MatchRange => {
  const cidr = parseCidr(row.cidr);
  if (cidr === undefined) throw new Error(`range ${row.id} has the unreadable text "${row.cidr}"`);
  const { id, effect, key_id: keyId, created_at: createdAt, expires_at: expiresAt } = row;
  return { id, cidr, effect, keyId, createdAt, expiresAt };
};

type StandingReviewRow = ReviewRow & { status: PolicyReview['status'] };

export const isActive = (row: ReviewRow): row is StandingReviewRow =>
  row.standing === 1 && (row.status === 'pending' || row.status === 'denied');

export const policyReviewOf = (row: StandingReviewRow): PolicyReview => ({
  id: row.id,
  status: row.status,
  ip: row.ip,
  keyId: row.key_id,
  isOverflow: row.overflow === 1,
});

/** Reads everything that verdicts need. */
export const loadPolicies = (storage: Storage): Promise<PolicyDirectory> =>
  storage.snapshot(async (tx) => {
    const directory = new PolicyDirectory();
    directory.epoch = await tx.epochs.current();
    for (const account of await tx.accounts.all()) directory.addAccount(new AccountPolicy(account));
    for (const key of await tx.keys.all()) directory.account(key.account_id).setKey(key);
    for (const secret of await tx.keys.allSecrets()) directory.setSecret(secret);
    for await (const range of tx.ranges.all()) directory.account(range.account_id).setRange(range);
    for (const review of await tx.reviews.allStanding()) {
      if (!isActive(review)) throw new Error(`review ${review.id} stands with status ${review.status}`);
      directory.account(review.account_id).setActiveReview(policyReviewOf(review));
    }
    return directory;
  });
