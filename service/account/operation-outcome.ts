import type { Operation, OperationResult } from '#shared/api/routes-operations';
import type { Refusal } from '../policy/refusal';

export type Outcome = Omit<OperationResult, 'id'>;

export function rejected(code: string, detail: string): Outcome {
  return { status: 'rejected', code, detail };
}

export function applied(entity: OperationResult['entity']): Outcome {
  return { status: 'applied', entity };
}

/** Maps a refusal to the outcome of the operation (docs/behaviour.md 4.14.3). */
export function outcomeOf(operation: Operation, refusal: Refusal): Outcome {
  const { code, message: detail, details } = refusal;
  switch (code) {
    case 'duplicate':
      // An added range that exists is what its author wanted; an update that would make a second one is not.
      return operation.type === 'range.add'
        ? { status: 'duplicate', entity: details.existing ?? null, code, detail }
        : { status: 'conflict', current: details.existing ?? null, code, detail };
    case 'would_block': {
      const { addresses, keys, calls, examples } = details;
      return { status: 'conflict', code, detail, addresses, keys, calls, examples };
    }
    case 'stale':
    case 'already_decided':
      return { status: 'conflict', current: details.current ?? null, code, detail };
    case 'not_found':
      if (operation.type === 'range.remove') return { status: 'duplicate', entity: null, code, detail };
      return operation.type === 'range.update'
        ? { status: 'conflict', current: null, code, detail }
        : rejected(code, detail);
    default:
      return rejected(code, detail);
  }
}
