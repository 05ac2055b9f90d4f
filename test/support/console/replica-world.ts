import type { ChangesResponse } from '#shared/api/contract';
import type { Account } from '#shared/domain/entities';
import type { AccountStore } from '#electron/core/store/account-store';
import { Replica } from '#electron/core/sync/replica';
import { makeAccount } from './builders';
import { RecordingPublisher } from './fakes';
import { MemoryStores, TEST_SERVICE } from './memory-store';

export const NOW_MS = Date.parse('2026-01-15T12:00:00Z');

/** A replica of an account without a service, new for each test. */
export class ReplicaWorld {
  readonly stores = new MemoryStores();
  readonly publisher = new RecordingPublisher();
  readonly account: Account = makeAccount();
  replica = new Replica(this.stores, this.publisher);
  #answers = 0;

  constructor() {
    this.replica.adopt(TEST_SERVICE, this.account);
  }

  /** The store that is open. */
  get store(): AccountStore {
    if (this.replica.store === null) throw new Error('no store is open');
    return this.replica.store;
  }

  /** Applies an answer of the service, with the next cursor. */
  apply(fields: Partial<ChangesResponse>, atMs = NOW_MS): void {
    this.#answers += 1;
    const cursor = `c${this.#answers}`;
    this.replica.applyAnswer({ cursor, reset: false, changes: [], more: false, ...fields }, atMs);
  }

  /** The same console after a restart. */
  restarted(): Replica {
    const again = new Replica(this.stores, this.publisher);
    again.open(TEST_SERVICE, this.account.id);
    return again;
  }
}
