import { create } from 'zustand';
import type { AccountList } from '#shared/ipc/accounts';
import { bridge } from '../bridge/bridge';
import { settle } from '../bridge/call';
import { follow, type Followed } from './follow';

/** The connected accounts, and which one all windows show. */
export const useAccounts = create<Followed<AccountList>>(() => ({ value: null, failure: null }));

/** Follows main until the returned function is called. */
export function startAccounts(): () => void {
  return follow(
    (listener) => bridge().events.accounts.changed(listener),
    () => settle(() => bridge().calls.accounts.list()),
    (followed) => useAccounts.setState(followed),
  );
}

/** Makes all windows show this account. */
export function showAccount(id: string): void {
  void settle(() => bridge().calls.accounts.show({ id }));
}
