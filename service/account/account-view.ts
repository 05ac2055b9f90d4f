import type { Account } from '#shared/domain/entities';
import type { AccountRow } from '../storage/repositories/accounts';
import type { Principal } from './context';

/** The account as the one who asks sees it. */
export const accountOf = (row: AccountRow, principal: Principal): Account => ({
  id: row.id,
  name: row.name,
  mode: row.mode,
  learning: null,
  revision: row.revision,
  grants: { ipv4PrefixLength: row.ipv4_grant_prefix, ipv6PrefixLength: row.ipv6_grant_prefix },
  me: {
    userId: principal.userId,
    email: principal.email,
    role: principal.role,
    permissions: [...principal.permissions],
  },
});
