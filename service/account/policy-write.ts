import type { WriteContext } from '../storage/writer';
import type { AccountPolicy } from './policy';
import { actorOf, type Principal, type ServiceContext } from './context';

/** A change of an account's policy: the write itself, the policy it changes and the trail it leaves. */
export interface PolicyWrite extends WriteContext {
  readonly policy: AccountPolicy;
  /** The next place in this account's change feed. */
  readonly seq: () => Promise<number>;
  readonly audit: (event: {
    action: string;
    target: string;
    before: unknown;
    after: unknown;
  }) => Promise<void>;
}

/**
 * Runs one change of policy: effect, audit, revision and feed in one transaction, then memory, then the feed's
 * listeners. Work that throws leaves no trace, and work that changes nothing (audits nothing) raises no revision.
 */
export const writePolicy = <T>(
  context: ServiceContext,
  principal: Principal,
  work: (write: PolicyWrite) => Promise<T>,
): Promise<T> =>
  context.writer.write(async (write) => {
    const { accountId } = principal;
    const seq = (): Promise<number> => write.nextSeq(accountId);
    let audited = 0;
    const result = await work({
      ...write,
      policy: context.directory.account(accountId),
      seq,
      audit: async ({ action, target, before, after }) => {
        audited += 1;
        await write.tx.audit.insert({
          id: write.newId(),
          account_id: accountId,
          changed_seq: await seq(),
          at: write.now,
          actor: JSON.stringify(actorOf(principal)),
          via: principal.via,
          action,
          target,
          before: JSON.stringify(before ?? null),
          after: JSON.stringify(after ?? null),
          operation_id: null,
        });
      },
    });
    if (audited > 0) await write.tx.accounts.raiseRevision(accountId, await seq());
    return result;
  });
