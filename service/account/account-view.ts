import type { Account, ServiceState } from '#shared/domain/entities';
import { SECOND_MS } from '#shared/durations';
import { isoTimeOrNull } from '../runtime/clock';
import { learningEndsAt } from '../enforcement/learning';
import type { AccountRow } from '../storage/repositories/accounts';
import type { Principal } from '../policy/context';
import { learningStateOf } from '../policy/policy';

function learningOf(row: AccountRow, windowMs: number): Account['learning'] {
  if (row.mode !== 'learning') return null;
  const state = learningStateOf(row);
  return {
    startedAt: isoTimeOrNull(state.startedAt),
    lastNewAddressAt: isoTimeOrNull(state.lastNewAddressAt),
    windowSeconds: windowMs / SECOND_MS,
    endsAt: isoTimeOrNull(learningEndsAt(state, windowMs)),
  };
}

/** Returns the account as the caller may see it. */
export function accountOf(
  row: AccountRow,
  principal: Principal,
  learningWindowMs: number,
  service: ServiceState,
): Account {
  return {
    id: row.id,
    name: row.name,
    mode: row.mode,
    reportOnly: row.report_only === 1,
    learning: learningOf(row, learningWindowMs),
    revision: row.revision,
    service,
    grants: { ipv4PrefixLength: row.ipv4_grant_prefix, ipv6PrefixLength: row.ipv6_grant_prefix },
    me: {
      userId: principal.userId,
      email: principal.email,
      role: principal.role,
      permissions: [...principal.permissions],
    },
  };
}
