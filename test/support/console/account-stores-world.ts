import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { AccountStore } from '#electron/core/store/account-store';
import { AccountStores, type StoreDamage } from '#electron/core/store/account-stores';
import { DEFAULT_LOG_LIMIT } from '#shared/ipc/log';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { newId } from './builders';
import { FakeClock } from './fake-clock';
import { TEST_SERVICE } from './memory-store';
import { adding, NOW_MS } from './outbox-builders';

export const ACCOUNT = newId();

/** Returns the ids of a store's queued operations, in order. */
export function idsIn({ outbox }: AccountStore): readonly string[] {
  return outbox.all().map(({ operation }) => operation.id);
}

/** Queues five operations with long lines in the journal, and returns their ids. */
export function enqueueFive(store: AccountStore): readonly (string | null)[] {
  return store.outbox.enqueue(
    Array.from({ length: 5 }, (_, n) => adding({ cidr: `192.0.2.${n}/32`, label: 'x'.repeat(200) })),
    NOW_MS,
  );
}

interface Parts {
  readonly folder: string;
  readonly damages: StoreDamage[];
  readonly opened: Set<AccountStore>;
  readonly stores: AccountStores;
}

/** The stores of a console in a folder of their own, new for each test. */
export function useAccountStores() {
  let parts: Parts;
  beforeEach(() => {
    const folder = makeTempDir('rescue');
    const damages: StoreDamage[] = [];
    parts = {
      folder,
      damages,
      opened: new Set(),
      stores: new AccountStores({
        folder,
        clock: new FakeClock(),
        onDamage: (damage) => damages.push(damage),
        disk: { add: () => undefined },
        logLimit: () => DEFAULT_LOG_LIMIT,
      }),
    };
  });
  const closeAll = (): void => {
    for (const store of parts.opened) void store.close();
    parts.opened.clear();
  };
  afterEach(() => {
    closeAll();
    removeTempDir(parts.folder);
  });
  const file = (name: string): string => join(parts.stores.folderOf(TEST_SERVICE, ACCOUNT), name);
  return {
    get folder() {
      return parts.folder;
    },
    get damages() {
      return parts.damages;
    },
    get stores() {
      return parts.stores;
    },
    open: (): AccountStore => {
      const store = parts.stores.open(TEST_SERVICE, ACCOUNT);
      parts.opened.add(store);
      return store;
    },
    close: (store: AccountStore): void => {
      void store.close();
      parts.opened.delete(store);
    },
    closeAll,
    /** A file of the account's store. */
    file,
    /** Changes a bit in the first line of the outbox's journal. */
    damageJournal: (): void => {
      const bytes = readFileSync(file('outbox.jsonl'));
      bytes[40] = (bytes[40] ?? 0) ^ 1;
      writeFileSync(file('outbox.jsonl'), bytes);
    },
  };
}
