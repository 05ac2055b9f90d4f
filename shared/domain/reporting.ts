import type { Account, Key } from './entities';

/**
 * Returns true if calls with the key from unknown addresses are let in and reported now (docs/behaviour.md 1.3.4). Of a pending
 * review it says what the next call gets.
 */
export function isReporting(
  account: Pick<Account, 'mode' | 'reportOnly'> | null,
  key?: Pick<Key, 'reportOnly'> | null,
): boolean {
  if (account === null || (account.mode !== 'automatic' && account.mode !== 'manual')) return false;
  return account.reportOnly || key?.reportOnly === true;
}
