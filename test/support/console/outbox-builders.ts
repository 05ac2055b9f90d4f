import type { Operation, OperationResult } from '#shared/api/routes-operations';
import type { Range } from '#shared/domain/entities';
import type { Entry, NewEntry } from '#electron/core/outbox/entry';
import { makeRange, newId } from './builders';

/** Edits and entries of the outbox; a test names only what matters to it. */

const MADE_AT = '2026-01-15T12:00:00.000Z';
export const NOW_MS = Date.parse(MADE_AT);

type OperationOf<T extends Operation['type']> = Extract<Operation, { type: T }>;

export const addOperation = (fields: Partial<OperationOf<'range.add'>> = {}): OperationOf<'range.add'> => ({
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
});

export const updateOperation = (
  range: Range,
  changes: OperationOf<'range.update'>['changes'],
): OperationOf<'range.update'> => ({
  id: newId(),
  type: 'range.update',
  madeAt: MADE_AT,
  rangeId: range.id,
  baseVersion: range.version,
  changes,
});

export const removeOperation = (range: Range): OperationOf<'range.remove'> => ({
  id: newId(),
  type: 'range.remove',
  madeAt: MADE_AT,
  rangeId: range.id,
  baseVersion: range.version,
});

export const modeOperation = (mode: OperationOf<'mode.set'>['mode']): OperationOf<'mode.set'> => ({
  id: newId(),
  type: 'mode.set',
  madeAt: MADE_AT,
  mode,
});

export const adding = (fields: Partial<OperationOf<'range.add'>> = {}): NewEntry => ({
  operation: addOperation(fields),
  base: null,
});
export const updating = (range: Range, changes: OperationOf<'range.update'>['changes']): NewEntry => ({
  operation: updateOperation(range, changes),
  base: range,
});
export const removing = (range: Range): NewEntry => ({ operation: removeOperation(range), base: range });
export const setting = (mode: OperationOf<'mode.set'>['mode']): NewEntry => ({
  operation: modeOperation(mode),
  base: null,
});

let positions = 0;
export const makeEntry = (fields: Partial<Entry> = {}): Entry => {
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
};

/** The range that an add will make. */
export const rangeOf = ({ operation }: Pick<Entry, 'operation'>): Range => {
  if (operation.type !== 'range.add') throw new Error('not an add');
  const { cidr, effect, label, keyId } = operation;
  return makeRange({
    ...(operation.rangeId === undefined ? {} : { id: operation.rangeId }),
    cidr,
    effect,
    label,
    keyId,
  });
};

export const applied = (operation: Operation, entity: OperationResult['entity'] = null): OperationResult => ({
  id: operation.id,
  status: 'applied',
  entity,
});
