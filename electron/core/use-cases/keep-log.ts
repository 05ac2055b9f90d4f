import type { LocalLog, LogLimit } from '#shared/ipc/log-limit';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { readLogLimit, writeLogLimit } from '../store/log-limit';
import { othersFirst } from '../turns';
import type { CoreContext } from './context';

/** How much of the log is on this computer, and may be. */
export function keptLog({ store, replica }: Pick<CoreContext, 'store' | 'replica'>): Outcome<LocalLog> {
  return succeeded({ limit: readLogLimit(store.settings), rows: replica.store?.attempts.size ?? 0 });
}

/**
 * Sets how much of the log may be on this computer. What is too much is deleted in steps with everybody else's turn in
 * between, the oldest first; what a stop of the program interrupts, the next writes go on with.
 */
export async function keepLog(
  { store, replica }: Pick<CoreContext, 'store' | 'replica'>,
  { limit }: { readonly limit: LogLimit },
): Promise<Outcome<undefined>> {
  writeLogLimit(store.settings, limit);
  while (replica.trimLog()) await othersFirst();
  return succeeded(undefined);
}
