import type { Batch } from '../stores/batch';
import type { Heard } from '../stores/settled';

/** What has become of the operations of a change of many. */
export interface BatchProgress {
  /** Operations that the service has answered. */
  readonly sent: number;
  /** Operations that are under way or waiting. */
  readonly left: number;
  /** Operations whose entity somebody else had changed. */
  readonly overtaken: number;
  /** Operations that the service did not apply for another reason. */
  readonly failed: number;
  /** The service's words about the first of those. */
  readonly reason: string | null;
  /** The last news in milliseconds since the epoch; 0 before the first. */
  readonly heardAtMs: number;
}

/** `settled` has the outcomes of this console's operations by their ids. */
export function progressOf(
  { operationIds }: Pick<Batch, 'operationIds'>,
  settled: ReadonlyMap<string, Heard>,
): BatchProgress {
  let [sent, undone, overtaken, failed, heardAtMs] = [0, 0, 0, 0, 0];
  let reason: string | null = null;
  for (const id of operationIds) {
    const heard = settled.get(id);
    if (heard === undefined) continue;
    heardAtMs = Math.max(heardAtMs, heard.heardAtMs);
    if (heard.outcome === 'undone') undone += 1;
    else sent += 1;
    if (heard.outcome !== 'undecided') continue;
    if (heard.kind === 'conflicted') overtaken += 1;
    else {
      failed += 1;
      reason ??= heard.detail;
    }
  }
  return { sent, left: operationIds.length - sent - undone, overtaken, failed, reason, heardAtMs };
}
