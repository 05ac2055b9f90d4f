import type { LocalLog, LogLimit } from '#shared/ipc/log';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { readLogLimit, writeLogLimit } from '../store/log-limit';
import { yieldToEventLoop } from '../yield-to-event-loop';
import type { CoreContext } from './context';

interface KeepingCore extends Pick<CoreContext, 'store'> {
  readonly accounts: { all(): readonly Pick<CoreContext, 'replica'>[] };
}

/** Returns the size of the account's local log, and the limit of each. */
export function keptLog({ store, replica }: Pick<CoreContext, 'store' | 'replica'>): Outcome<LocalLog> {
  return succeeded({ limit: readLogLimit(store.settings), rows: replica.store?.attempts.size ?? 0 });
}

/**
 * Sets the limit of the local logs. The oldest rows above it are deleted in steps, and later writes finish an interrupted
 * deletion.
 */
export async function keepLog(
  { store, accounts }: KeepingCore,
  { limit }: { readonly limit: LogLimit },
): Promise<Outcome<undefined>> {
  writeLogLimit(store.settings, limit);
  for (const { replica } of accounts.all()) while (replica.mirror.trimLog()) await yieldToEventLoop();
  return succeeded(undefined);
}
