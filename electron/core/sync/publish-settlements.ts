import type { Settled } from '#shared/ipc/outbox';
import type { PolicyEntity } from '#shared/domain/outbox';
import type { Settlement } from '../outbox/outbox';
import type { Publisher } from '../ports';
import { isoTime } from '../text';

/** Tells the windows how edits ended or came to a stop. `enforcedAt` is when the service carried one out. */
export function publishSettlements(publisher: Publisher, settlements: readonly Settlement[]): void {
  publisher.publish('outbox', 'settled', { items: settlements.map(settledOf) });
}

/** How an edit ended, as the windows are told. */
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
