import type { Settled } from '#shared/ipc/outbox';
import type { PolicyEntity } from '#shared/domain/outbox';
import type { Settlement } from '../outbox/outbox';
import { isoTime } from '../text';

/** Returns how an operation ended or why it stopped; `enforcedAt` is when the service carried it out. */
export function settledOf(settlement: Settlement): Settled {
  const { id } = settlement.entry.operation;
  switch (settlement.kind) {
    case 'done': {
      const { state } = settlement.entry;
      const entity = state.kind === 'done' ? state.entity : null;
      return { id, outcome: 'applied', entity, enforcedAt: decidedAt(entity) ?? isoTime(settlement.atMs) };
    }
    case 'parked': {
      const { reason, code, detail, current } = settlement.parked;
      return { id, outcome: 'parked', reason, code, detail, current };
    }
    case 'undone':
      return { id, outcome: 'undone' };
  }
}

const decidedAt = (entity: PolicyEntity | null): string | null =>
  entity !== null && 'decidedAt' in entity ? entity.decidedAt : null;
