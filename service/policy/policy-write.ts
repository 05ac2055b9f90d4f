import type { WriteContext } from '../storage/writer';
import type { AccountPolicy } from './policy';
import { PolicyDraft } from './policy-draft';
import type { Author, ServiceContext } from './context';

/** A write of several changes of policy. If they share a draft, they see each other, and whoever made the draft stores it. */
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
  /** Audits the event at the end of the write. */
  readonly audit: (event: PolicyEvent) => Promise<void>;
}

/** One change, as the audit trail records it. */
export interface PolicyEvent {
  readonly action: string;
  readonly target: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Runs work, and stores its trail unless a shared draft will. */
async function withTrail<T>(
  write: SharedWrite,
  policy: AccountPolicy,
  author: Author,
  isChangeOfPolicy: boolean,
  work: (write: PolicyWrite) => Promise<T>,
): Promise<T> {
  const accountId = policy.id;
  const seq = (): Promise<number> => write.nextSeq(accountId);
  const draft = write.draft ?? new PolicyDraft(policy, write);
  let audited = 0;
  const audit = async ({ action, target, before, after }: PolicyEvent): Promise<void> => {
    audited += 1;
    draft.audit({
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
    });
  };
  const result = await work({ ...write, policy, draft, author, seq, audit });
  if (isChangeOfPolicy && audited > 0) draft.countChange();
  if (write.draft === undefined) await draft.store(write);
  return result;
}

/** Makes a change of policy part of a running write. The revision rises only if the work audits something. */
export function withinPolicy<T>(
  write: SharedWrite,
  policy: AccountPolicy,
  author: Author,
  work: (write: PolicyWrite) => Promise<T>,
): Promise<T> {
  return withTrail(write, policy, author, true, work);
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
  return context.writer.write((write) =>
    withTrail(write, context.directory.account(author.accountId), author, false, work),
  );
}
