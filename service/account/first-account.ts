import type { Storage } from '../storage/storage';
import type { WriteContext, Writer } from '../storage/writer';
import type { PolicyDirectory } from '../policy/policy-directory';

/** Prefix lengths of grants in a new account (docs/behaviour.md 1.5.1). */
const GRANT_PREFIXES = { ipv4: 24, ipv6: 64 } as const;

interface FirstAccount {
  readonly ownerEmail: string;
  /** SHA-256 of the owner's first access token, hex. */
  readonly tokenHash: string;
  readonly tokenName: string;
}

function insertToken(
  write: WriteContext,
  accountId: string,
  userId: string,
  account: FirstAccount,
): Promise<void> {
  return write.tx.users.insertToken({
    id: write.newId(),
    account_id: accountId,
    user_id: userId,
    name: account.tokenName,
    hash: account.tokenHash,
    created_at: write.now,
    expires_at: null,
    last_used_at: null,
  });
}

export async function isEmpty(storage: Storage): Promise<boolean> {
  return (await storage.read.accounts.all()).length === 0;
}

/**
 * Makes the account, its owner and the owner's token if the database is empty. If several processes find it empty, one makes
 * them.
 */
export function createFirstAccount(
  writer: Writer,
  directory: PolicyDirectory,
  accountWanted: () => FirstAccount,
): Promise<void> {
  return writer.write(async (write) => {
    if ((await write.tx.accounts.all()).length > 0) return;
    const account = accountWanted();
    const row = {
      id: write.newId(),
      name: account.ownerEmail,
      mode: 'learning' as const,
      revision: 0,
      seq: 1,
      changed_seq: 1,
      ipv4_grant_prefix: GRANT_PREFIXES.ipv4,
      ipv6_grant_prefix: GRANT_PREFIXES.ipv6,
      created_at: write.now,
      learning_started_at: null,
      learning_last_new_at: null,
      report_only: 0 as const,
    };
    const userId = write.newId();
    await write.tx.accounts.insert(row);
    await write.tx.users.insert({
      id: userId,
      account_id: row.id,
      email: account.ownerEmail,
      role: 'owner',
      permissions: JSON.stringify(['authorized_ips', 'api_keys']),
      created_at: write.now,
    });
    await insertToken(write, row.id, userId, account);
    write.afterCommit(() => directory.addAccount(directory.newAccount(row)));
  });
}

/** Gives the first owner a token of this name in place of the earlier one. */
export function replaceOwnerToken(writer: Writer, account: Omit<FirstAccount, 'ownerEmail'>): Promise<void> {
  return writer.write(async (write) => {
    const owner = await write.tx.users.firstOwner();
    if (owner === undefined) throw new Error('the database has an account but no owner');
    await write.tx.users.deleteTokensNamed(owner.id, account.tokenName);
    await insertToken(write, owner.account_id, owner.id, { ...account, ownerEmail: owner.email });
  });
}
