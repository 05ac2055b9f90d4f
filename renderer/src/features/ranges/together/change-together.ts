import type { Range } from '#shared/domain/entities';
import type { ChangeForMany } from '#shared/ipc/policy';
import { bridge } from '../../../bridge/bridge';
import { type RangeBatch, sendBatch, useRangeBatch } from '../../../stores/batch';

/** Removes or changes ranges as they were seen. Resolves with true if that was done, except for those that the batch names. */
export async function changeTogether(ranges: readonly Range[], change: ChangeForMany): Promise<boolean> {
  const sent = await sendBatch(useRangeBatch, change.kind, ranges, (part) =>
    bridge().calls.ranges.changeMany({
      ranges: part.map(({ id, version }) => ({ rangeId: id, version })),
      change,
    }),
  );
  if (sent === null) return false;
  const isRefused = new Set(sent.refused.map(({ id }) => id));
  const before = ranges.filter(({ id }) => !isRefused.has(id));
  const ids = before.map(({ id }) => id);
  useRangeBatch.setState({
    last: {
      change: change.kind,
      before,
      ids,
      ...sent,
      endedAtMs: Date.now(),
      isTakenBack: false,
      stopped: 0,
    },
  });
  return true;
}

/** Takes the last change back. */
export async function undoTogether(batch: RangeBatch): Promise<void> {
  const { before, operationIds } = batch;
  const sent = await sendBatch(useRangeBatch, 'undo', before, (part) =>
    bridge().calls.ranges.restoreMany({ ranges: part, operationIds: [...operationIds] }),
  );
  if (sent === null) return;
  const { refused } = sent;
  const isRefused = new Set(refused.map(({ id }) => id));
  const ids = batch.ids.filter((id) => !isRefused.has(id));
  useRangeBatch.setState({ last: { ...batch, ids, ...sent, isTakenBack: true } });
}
