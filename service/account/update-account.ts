import type { RouteRequest } from '#shared/api/route-types';
import type { AccountRow } from '../storage/repositories/accounts';
import type { Author, ServiceContext } from '../policy/context';
import { writePolicy } from '../policy/policy-write';

function settingsOf(row: AccountRow) {
  return {
    name: row.name,
    grants: { ipv4PrefixLength: row.ipv4_grant_prefix, ipv6PrefixLength: row.ipv6_grant_prefix },
  };
}

/** Changes the account's name or the size of its grants. Existing ranges stay as they are. */
export function updateAccount(
  context: ServiceContext,
  author: Author,
  changes: RouteRequest<'updateAccount'>['body'],
): Promise<void> {
  return writePolicy(context, author, async ({ tx, policy, audit, afterCommit }) => {
    const row = await tx.accounts.get(policy.id);
    const after: AccountRow = {
      ...row,
      name: changes.name ?? row.name,
      ipv4_grant_prefix: changes.grants?.ipv4PrefixLength ?? row.ipv4_grant_prefix,
      ipv6_grant_prefix: changes.grants?.ipv6PrefixLength ?? row.ipv6_grant_prefix,
    };
    if (JSON.stringify(settingsOf(after)) === JSON.stringify(settingsOf(row))) return;
    await tx.accounts.updateSettings(policy.id, after);
    await audit({
      action: 'account.update',
      target: policy.id,
      before: settingsOf(row),
      after: settingsOf(after),
    });
    afterCommit(() => policy.setAccount(after));
  });
}
