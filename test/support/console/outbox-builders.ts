import type { Operation, OperationResult } from '#shared/api/routes-operations';
import type { Range } from '#shared/domain/entities';
import type { QueuedOperation, NewOperation } from '#electron/core/outbox/queued-operation';
import { makeRange, newId } from './builders';

/** Operations and operations of the outbox; a test names only what matters to it. */

const MADE_AT = '2026-01-15T12:00:00.000Z';
export const NOW_MS = Date.parse(MADE_AT);

type OperationOf<T extends Operation['type']> = Extract<Operation, { type: T }>;

export function addOperation(fields: Partial<OperationOf<'range.add'>> = {}): OperationOf<'range.add'> {
  return {
    id: newId(),
    type: 'range.add',
    madeAt: MADE_AT,
    rangeId: newId(),
    cidr: '203.0.113.9/32',
    effect: 'authorize',
    label: '',
    keyId: null,
    rangeExpiresAt: null,
    allowWide: false,
    ...fields,
  };
}

export function updateOperation(
  range: Range,
  changes: OperationOf<'range.update'>['changes'],
): OperationOf<'range.update'> {
  return {
    id: newId(),
    type: 'range.update',
    madeAt: MADE_AT,
    rangeId: range.id,
    baseVersion: range.version,
    changes,
  };
}

export function removeOperation(range: Range): OperationOf<'range.remove'> {
  return {
    id: newId(),
    type: 'range.remove',
    madeAt: MADE_AT,
    rangeId: range.id,
    baseVersion: range.version,
  };
}

export function modeOperation(mode: OperationOf<'mode.set'>['mode']): OperationOf<'mode.set'> {
  return {
    id: newId(),
    type: 'mode.set',
    madeAt: MADE_AT,
    mode,
  };
}

export function adding(fields: Partial<OperationOf<'range.add'>> = {}): NewOperation {
  return {
    operation: addOperation(fields),
    base: null,
  };
}

export function updating(range: Range, changes: OperationOf<'range.update'>['changes']): NewOperation {
  return {
    operation: updateOperation(range, changes),
    base: range,
  };
}

export function removing(range: Range): NewOperation {
  return { operation: removeOperation(range), base: range };
}

export function setting(mode: OperationOf<'mode.set'>['mode']): NewOperation {
  return {
    operation: modeOperation(mode),
    base: null,
  };
}

let positions = 0;

export function makeQueuedOperation(fields: Partial<QueuedOperation> = {}): QueuedOperation {
  positions += 1;
  return {
    operation: addOperation(),
    authorEmail: null,
    position: positions,
    createdAt: NOW_MS,
    confirmedAt: null,
    base: null,
    attempts: 0,
    lastError: null,
    state: { kind: 'pending' },
    ...fields,
  };
}

/** Returns the range that an add will create. */
export function rangeOf({ operation }: Pick<QueuedOperation, 'operation'>): Range {
  if (operation.type !== 'range.add') throw new Error('not an add');
  const { cidr, effect, label, keyId } = operation;
  return makeRange({
    ...(operation.rangeId === undefined ? {} : { id: operation.rangeId }),
    cidr,
    effect,
    label,
    keyId,
  });
}

export function applied(operation: Operation, entity: OperationResult['entity'] = null): OperationResult {
  return {
    id: operation.id,
    status: 'applied',
    entity,
  };
}
