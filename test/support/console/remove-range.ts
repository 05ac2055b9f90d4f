import { changeRanges } from '#electron/core/use-cases/change-ranges';
import type { OperationContext } from '#electron/core/use-cases/context';
import type { Range } from '#shared/domain/entities';
import { value } from './value';

/** Removes one range as a person saw it. Resolves with the refusals, and the id of the operation if one was needed. */
export async function removeRange(
  core: OperationContext,
  { id: rangeId, version }: Pick<Range, 'id' | 'version'>,
) {
  const request = { ranges: [{ rangeId, version }], change: { kind: 'remove' } } as const;
  const { refused, operationIds } = value(
    await changeRanges(core, { ...request, ranges: [...request.ranges] }),
  );
  return { refused, operationId: operationIds[0] ?? null };
}
