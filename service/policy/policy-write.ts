import type { AuditRow } from '../storage/repositories/audit';
import type { WriteContext } from '../storage/writer';
import type { AccountPolicy } from './policy';
import { PolicyDraft } from './policy-draft';
import type { Author, ServiceContext } from './context';

/** A write of several changes of policy, which see each other if they share a draft. */
export interface SharedWrite extends WriteContext {
  readonly draft?: PolicyDraft;
}

/** A change of an account's policy. */
export interface PolicyWrite extends WriteContext {
  readonly policy: AccountPolicy;
  readonly draft: PolicyDraft;
  readonly author: Author;
  /** Resolves with the next sequence number of the account's change feed. */
  readonly seq: () => Promise<number>;
  readonly audit: (event: PolicyEvent) => Promise<void>;
  /** Audits a batch of events in few statements. */
  readonly auditAll: (events: readonly PolicyEvent[]) => Promise<void>;
}

/** One change, as the audit trail records it. */
export interface PolicyEvent {
  readonly action: string;
  readonly target: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Runs work and reports whether it audited anything. */
async function withTrail<T>(
  write: SharedWrite,
  policy: AccountPolicy,
  author: Author,
  work: (write: PolicyWrite) => Promise<T>,
): Promise<{ readonly result: T; readonly changed: boolean }> {
  const accountId = policy.id;
  const seq = (): Promise<number> => write.nextSeq(accountId);
  let audited = 0;
  const rowOf = async ({ action, target, before, after }: PolicyEvent): Promise<AuditRow> => {
    audited += 1;
    return {
      id: write.newId(),
      account_id: accountId,
      changed_seq: await seq(),
      at: write.now,
      actor: JSON.stringify(author.actor),
      via: author.via,
      action,
      target,
      before: JSON.stringify(before ?? null),
      after: JSON.stringify(after ?? null),
      operation_id: author.operationId ?? null,
    };
  };
  const result = await work({
    ...write,
    policy,
    draft: write.draft ?? new PolicyDraft(policy, write),
    author,
    seq,
    audit: async (event) => write.tx.audit.insertAll([await rowOf(event)]),
    auditAll: async (events) => write.tx.audit.insertAll(await Promise.all(events.map(rowOf))),
  });
  return { result, changed: audited > 0 };
}

/** Makes a change of policy part of a running write. The revision rises only if the work audits something. */
export async function withinPolicy<T>(
  write: SharedWrite,
  policy: AccountPolicy,
  author: Author,
  work: (write: PolicyWrite) => Promise<T>,
): Promise<T> {
  const { result, changed } = await withTrail(write, policy, author, work);
  if (changed) await write.tx.accounts.raiseRevision(policy.id, await write.nextSeq(policy.id));
  return result;
}

/** Runs one change of policy: the transaction, then memory, then the feed's listeners. Work that throws leaves no trace. */
export function writePolicy<T>(
  context: Pick<ServiceContext, 'writer' | 'directory'>,
  author: Author,
  work: (write: PolicyWrite) => Promise<T>,
): Promise<T> {
  return context.writer.write((write) =>
    withinPolicy(write, context.directory.account(author.accountId), author, work),
  );
}

/**
 * Runs one audited change that is not part of the policy, such as a user or an access token: the revision stays. Work that
 * throws leaves no trace.
 */
export function writeAudited<T>(
  context: Pick<ServiceContext, 'writer' | 'directory'>,
  author: Author,
  work: (write: PolicyWrite) => Promise<T>,
): Promise<T> {
  return context.writer.write(async (write) => {
    const policy = context.directory.account(author.accountId);
    const { result } = await withTrail(write, policy, author, work);
    return result;
  });
}
