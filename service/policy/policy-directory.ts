import { UNKNOWN_GEOLOCATION, type Geolocations } from '../geo/geolocation';
import type { AccountRow } from '../storage/repositories/accounts';
import type { KeySecretRow } from '../storage/repositories/keys';
import type { Repositories, Storage } from '../storage/storage';
import { AccountPolicy, isActive, policyReviewOf } from './policy';

/** A key's secret, by its hash. `validUntil` is in milliseconds since the epoch. */
export interface KnownSecret {
  readonly accountId: string;
  readonly keyId: string;
  readonly validUntil: number | null;
}

const NO_GEOLOCATIONS: Geolocations = { lookup: () => UNKNOWN_GEOLOCATION };

/** All accounts in memory, and an index from secrets to keys. */
export class PolicyDirectory {
  /** Epoch of the database at the last update; null before the first. */
  epoch: string | null = null;
  #accounts = new Map<string, AccountPolicy>();
  #secrets = new Map<string, KnownSecret>();
  readonly #geolocations: Geolocations;

  constructor(geolocations = NO_GEOLOCATIONS) {
    this.#geolocations = geolocations;
  }

  /** Returns a directory with everything that the database has for verdicts. This one does not change. */
  async loadAnew(tx: Repositories): Promise<PolicyDirectory> {
    const directory = new PolicyDirectory(this.#geolocations);
    for (const account of await tx.accounts.all()) directory.addAccount(directory.newAccount(account));
    for (const key of await tx.keys.all()) directory.account(key.account_id).setKey(key);
    for (const secret of await tx.keys.allSecrets()) directory.setSecret(secret);
    for await (const range of tx.ranges.all()) directory.account(range.account_id).setRange(range);
    for (const source of await tx.sources.lookedUp()) directory.account(source.account_id).setSource(source);
    for (const review of await tx.reviews.allActive()) {
      if (!isActive(review)) throw new Error(`review ${review.id} is active with status ${review.status}`);
      directory.account(review.account_id).setActiveReview(policyReviewOf(review));
    }
    return directory;
  }

  /** Returns the account's policy without anything in it, for `addAccount`. */
  newAccount(row: AccountRow): AccountPolicy {
    return new AccountPolicy(row, this.#geolocations);
  }

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

  /** Becomes what was loaded from a database with another history, at once, so that no verdict sees half of it. */
  replaceWith(loaded: PolicyDirectory): void {
    const accounts = new Map<string, AccountPolicy>();
    for (const policy of loaded.accounts()) {
      const known = this.find(policy.id);
      known?.replaceWith(policy);
      accounts.set(policy.id, known ?? policy);
    }
    this.#accounts = accounts;
    this.#secrets = loaded.#secrets;
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

/** Loads everything that verdicts need. */
export function loadPolicies(storage: Storage, geolocations?: Geolocations): Promise<PolicyDirectory> {
  return storage.snapshot(async (tx) => {
    const directory = await new PolicyDirectory(geolocations).loadAnew(tx);
    directory.epoch = await tx.epochs.current();
    return directory;
  });
}
