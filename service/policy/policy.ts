import { parseCidr, type IpAddress } from '#shared/ip/index';
import type { Mode, ReviewStatus } from '#shared/domain/entities';
import { reviewSubject } from '#shared/domain/review-subject';
import type { LearningState } from '../enforcement/learning';
import type { Geolocations } from '../geo/geolocation';
import { RangeMatcher, type MatchRange } from '../enforcement/matcher';
import type { AccountRow } from '../storage/repositories/accounts';
import type { KeyRow } from '../storage/repositories/keys';
import type { RangeRow } from '../storage/repositories/ranges';
import type { ReviewRow } from '../storage/repositories/reviews';
import type { SourceRow } from '../storage/repositories/sources';
import { LookedUpSources, type LookedUpSource } from './looked-up-sources';

/** An active review: pending, or a denial that stands. Further calls count towards it (docs/behaviour.md 1.7). */
export interface PolicyReview {
  readonly id: string;
  readonly status: Extract<ReviewStatus, 'pending' | 'denied'>;
  readonly ip: string;
  readonly keyId: string;
  /** True if it counts the addresses beyond the key's limit of pending reviews (docs/behaviour.md 1.7.4). */
  readonly isOverflow: boolean;
}

/** Pending reviews of one key (docs/behaviour.md 1.7.4). */
export const MAX_OPEN_REVIEWS = 1_000;

/**
 * Ranges through which one key is let in. Beyond them learning and the trust review add none for it, because a key that is
 * used from everywhere would fill memory (docs/behaviour.md 1.5.5).
 */
export const MAX_RANGES_OF_KEY = 5_000;

/** Returns the text under which a key has one active review at a time: the address, for IPv6 its /64. */
export function reviewKey({ ip, keyId }: Pick<PolicyReview, 'ip' | 'keyId'>): string {
  return `${keyId} ${reviewSubject(ip)}`;
}

/** One account's policy in memory. It changes only after the commit, so that a crash cannot take back a verdict's reason. */
export class AccountPolicy {
  readonly id: string;
  #mode: Mode;
  #learning: LearningState;
  #reportOnly: boolean;
  grants: { readonly ipv4PrefixLength: number; readonly ipv6PrefixLength: number };
  /** Sequence number up to which memory holds the account's changes. */
  appliedSeq: number;
  #keys = new Map<string, KeyRow>();
  #ranges = new RangeMatcher();
  #lookedUp: LookedUpSources;
  #active = new Map<string, PolicyReview>();
  /** Number of pending reviews by key. */
  #open = new Map<string, number>();
  /** Pending overflow review by key. */
  #overflow = new Map<string, PolicyReview>();
  /** Number of ranges through which a key is let in. Emptied when a range is removed. */
  readonly #rangesOfKey = new Map<string, number>();
  #version = 0;
  #history = 0;

  constructor(account: AccountRow, geolocations: Geolocations) {
    this.id = account.id;
    this.#lookedUp = new LookedUpSources(geolocations);
    this.#mode = account.mode;
    this.#learning = learningStateOf(account);
    this.#reportOnly = account.report_only === 1;
    this.grants = grantsOf(account);
    this.appliedSeq = account.seq;
  }

  /** Rises with every change. Whatever was derived from the policy is valid only for one version. */
  get version(): number {
    return this.#version;
  }

  /** Rises when the policy was loaded anew from a database with another history. Rows that were written before may be lost. */
  get history(): number {
    return this.#history;
  }

  /** Becomes what was loaded from a database with another history. Whoever holds this policy goes on with it. */
  replaceWith(loaded: AccountPolicy): void {
    this.#mode = loaded.#mode;
    this.#learning = loaded.#learning;
    this.#reportOnly = loaded.#reportOnly;
    this.grants = loaded.grants;
    this.appliedSeq = loaded.appliedSeq;
    this.#keys = loaded.#keys;
    this.#ranges = loaded.#ranges;
    this.#lookedUp = loaded.#lookedUp;
    this.#active = loaded.#active;
    this.#open = loaded.#open;
    this.#overflow = loaded.#overflow;
    this.forgetRangesOfKeys();
    this.#history += 1;
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

  get reportOnly(): boolean {
    return this.#reportOnly;
  }

  set reportOnly(reportOnly: boolean) {
    this.#reportOnly = reportOnly;
    this.#version += 1;
  }

  /** Returns true if what `automatic` and `manual` would block is let in with this key, and reported. */
  isReporting(keyId: string): boolean {
    return this.#reportOnly || this.#keys.get(keyId)?.report_only === 1;
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

  setAccount(account: AccountRow): void {
    this.mode = account.mode;
    this.reportOnly = account.report_only === 1;
    this.learning = learningStateOf(account);
    this.grants = grantsOf(account);
  }

  get lookedUp(): Pick<LookedUpSources, 'match'> {
    return this.#lookedUp;
  }

  /** Returns the sources of networks and countries with a new or changed one. */
  lookedUpWith(row: SourceRow): Pick<LookedUpSources, 'match'> {
    return this.#lookedUp.with(row);
  }

  /** Returns the range that decides about the address and key, else the source of its network or country. */
  match(address: IpAddress, keyId: string, now: number): MatchRange | LookedUpSource | undefined {
    return this.ranges.match(address, keyId, now) ?? this.#lookedUp.match(address, keyId, now);
  }

  /** Returns the active review of the address (for IPv6 its /64) and the key. */
  activeReview(ip: string, keyId: string): PolicyReview | undefined {
    return this.#active.get(reviewKey({ ip, keyId }));
  }

  /**
   * Returns the review that counts a further call: the address's own or, once the key has reached its limit, its overflow
   * review.
   */
  countingReview(ip: string, keyId: string): PolicyReview | undefined {
    const own = this.activeReview(ip, keyId);
    if (own !== undefined || this.openReviews(keyId) < MAX_OPEN_REVIEWS) return own;
    return this.#overflow.get(keyId);
  }

  openReviews(keyId: string): number {
    return this.#open.get(keyId) ?? 0;
  }

  overflowReview(keyId: string): PolicyReview | undefined {
    return this.#overflow.get(keyId);
  }

  /**
   * Returns the version if the key has reached its limit of pending reviews, else undefined. Facts about such a key stay
   * valid for one version, because a further address does not change them.
   */
  crowdedVersion(keyId: string): number | undefined {
    return this.openReviews(keyId) < MAX_OPEN_REVIEWS ? undefined : this.#version;
  }

  setActiveReview(review: PolicyReview): void {
    this.#countOut(this.#active.get(reviewKey(review)));
    this.#active.set(reviewKey(review), review);
    if (review.status === 'pending') {
      this.#open.set(review.keyId, this.openReviews(review.keyId) + 1);
      if (review.isOverflow) this.#overflow.set(review.keyId, review);
    }
    this.#version += 1;
  }

  dropActiveReview(review: Pick<PolicyReview, 'ip' | 'keyId'>): void {
    const subject = reviewKey(review);
    this.#countOut(this.#active.get(subject));
    this.#active.delete(subject);
    this.#version += 1;
  }

  #countOut(review: PolicyReview | undefined): void {
    if (review?.status !== 'pending') return;
    this.#open.set(review.keyId, this.openReviews(review.keyId) - 1);
    if (this.#overflow.get(review.keyId)?.id === review.id) this.#overflow.delete(review.keyId);
  }

  activeReviews(): PolicyReview[] {
    return [...this.#active.values()];
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

  /** Returns true if a new or changed source of a network or country decides about the address and key. */
  isDecidedBy(row: SourceRow, address: IpAddress, keyId: string, now: number): boolean {
    if (this.#ranges.match(address, keyId, now) !== undefined) return false;
    return this.lookedUpWith(row).match(address, keyId, now)?.sourceId === row.id;
  }

  setSource(row: SourceRow): void {
    this.#lookedUp.set(row);
    this.#version += 1;
  }

  removeSource(sourceId: string): void {
    this.#lookedUp.delete(sourceId);
    this.#version += 1;
  }

  /** Returns undefined if the ranges have to be counted first. */
  rangesOfKey(keyId: string): number | undefined {
    return this.#rangesOfKey.get(keyId);
  }

  /** Returns true if learning and the trust review add no more ranges for the key. */
  hasAllRanges(keyId: string): boolean {
    return (this.rangesOfKey(keyId) ?? 0) >= MAX_RANGES_OF_KEY;
  }

  /** @param counted the number to start from if none is remembered. */
  addRangesOfKey(keyId: string, added: number, counted: number): void {
    this.#rangesOfKey.set(keyId, (this.rangesOfKey(keyId) ?? counted) + added);
    this.#version += 1;
  }

  forgetRangesOfKeys(): void {
    this.#rangesOfKey.clear();
    this.#version += 1;
  }
}

/** The ranges without their setters: only the policy may change them. */
export type ReadonlyRanges = Pick<
  RangeMatcher,
  'size' | 'get' | 'match' | 'covering' | 'within' | 'longestFirst'
>;

export function learningStateOf(account: AccountRow): LearningState {
  return {
    startedAt: account.learning_started_at,
    lastNewAddressAt: account.learning_last_new_at,
  };
}

function grantsOf(account: AccountRow): AccountPolicy['grants'] {
  return {
    ipv4PrefixLength: account.ipv4_grant_prefix,
    ipv6PrefixLength: account.ipv6_grant_prefix,
  };
}

/** @throws Error if the stored text is not canonical, which means that the database is damaged or foreign. */
export function matchRangeOf(row: RangeRow): MatchRange {
  const cidr = parseCidr(row.cidr);
  if (cidr === undefined) throw new Error(`range ${row.id} has the unreadable text "${row.cidr}"`);
  const { id, effect, key_id: keyId, created_at: createdAt, expires_at: expiresAt } = row;
  return { id, cidr, effect, keyId, createdAt, expiresAt };
}

type ActiveReviewRow = ReviewRow & { status: PolicyReview['status'] };

export function isActive(row: ReviewRow): row is ActiveReviewRow {
  return row.active === 1 && (row.status === 'pending' || row.status === 'denied');
}

export function policyReviewOf(row: ActiveReviewRow): PolicyReview {
  return {
    id: row.id,
    status: row.status,
    ip: row.ip,
    keyId: row.key_id,
    isOverflow: row.overflow === 1,
  };
}
