import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  operationResultSchema,
  operationSchema,
  type Operation,
  type OperationResult,
} from '#shared/api/routes-operations';
import { idSchema } from '#shared/domain/entities';
import { epochMsOf } from '../clock';
import type { WriteContext } from '../storage/writer';
import { accountOf } from './account-view';
import { isPermitted, type Principal, type ServiceContext } from './context';
import { setModeWithin } from './mode';
import { withinPolicy, type PolicyWrite, type SharedWrite } from './policy-write';
import { addRangesWithin, removeRangeWithin, updateRangeWithin } from './ranges';
import { Refusal } from './refusal';
import { reopenReviewWithin } from './reopen-review';
import { authorizeReviewWithin, denyReviewWithin } from './reviews';

type Outcome = Omit<OperationResult, 'id'>;

const rejected = (code: string, detail: string): Outcome => ({ status: 'rejected', code, detail });

const applied = (entity: OperationResult['entity']): Outcome => ({ status: 'applied', entity });

/** Carries out one operation. @throws Refusal where it cannot be. */
const carryOut = async (
  context: ServiceContext,
  principal: Principal,
  write: PolicyWrite,
  operation: Operation,
): Promise<Outcome> => {
  switch (operation.type) {
    case 'range.add': {
      const { rangeExpiresAt, ...rest } = operation;
      const [range] = await addRangesWithin(write, { ...rest, expiresAt: rangeExpiresAt });
      return applied(range);
    }
    case 'range.update':
      return applied(
        await updateRangeWithin(write, operation.rangeId, operation.changes, operation.baseVersion),
      );
    case 'range.remove':
      await removeRangeWithin(write, operation.rangeId, operation.baseVersion);
      return applied(null);
    case 'review.authorize':
      return applied((await authorizeReviewWithin(write, operation.reviewId, operation)).review);
    case 'review.deny':
      return applied((await denyReviewWithin(write, operation.reviewId, operation)).review);
    case 'review.reopen': {
      const { reviewId, baseVersion } = operation;
      const { review, changed } = await reopenReviewWithin(write, reviewId, baseVersion);
      return changed
        ? applied(review)
        : { status: 'duplicate', entity: review, detail: 'The question is open already.' };
    }
    case 'mode.set': {
      await setModeWithin(write, operation.mode);
      const account = await write.tx.accounts.get(principal.accountId);
      return applied(accountOf(account, principal, context.learningWindowMs, context.state()));
    }
  }
};

/** What a refusal means for a queued edit: somebody was there first, nothing is left to do, or it can never be. */
const outcomeOf = (operation: Operation, refusal: Refusal): Outcome => {
  const { code, message: detail, details } = refusal;
  switch (code) {
    case 'duplicate':
      // An added range that is in the list already is what was wanted; a change that would make a second one is not.
      return operation.type === 'range.add'
        ? { status: 'duplicate', entity: details.existing ?? null, code, detail }
        : { status: 'conflict', current: details.existing ?? null, code, detail };
    case 'stale':
    case 'already_decided':
      return { status: 'conflict', current: details.current ?? null, code, detail };
    case 'not_found':
      if (operation.type === 'range.remove') return { status: 'duplicate', entity: null, code, detail };
      return operation.type === 'range.update'
        ? { status: 'conflict', current: null, code, detail }
        : rejected(code, detail);
    default:
      return rejected(code, detail);
  }
};

/** The same id with another author or content would be answered with a result that is not its own. */
const fingerprintOf = (principal: Principal, content: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([principal.userId, content]))
    .digest('hex');

interface Asked {
  readonly id: string;
  readonly fingerprint: string;
  readonly parsed: z.ZodSafeParseResult<Operation>;
}

/** The answer that was given to this id before, if it was. */
const earlierResult = async (
  write: WriteContext,
  accountId: string,
  { id, fingerprint }: Asked,
): Promise<OperationResult | undefined> => {
  const earlier = await write.tx.operations.get(accountId, id);
  if (earlier === undefined) return undefined;
  if (earlier.fingerprint === fingerprint) return operationResultSchema.parse(JSON.parse(earlier.result));
  return { id, ...rejected('id_reused', 'This id was used for another operation.') };
};

const judge = (asked: Asked, principal: Principal, now: number): Outcome | Operation => {
  if (!asked.parsed.success) {
    const [issue] = asked.parsed.error.issues;
    const field = issue?.path.map(String).join('.') ?? '';
    return rejected('invalid_request', `${field === '' ? 'operation' : field}: ${issue?.message ?? ''}`);
  }
  const operation = asked.parsed.data;
  if (!isPermitted(principal, 'authorized_ips')) {
    return rejected('forbidden', 'This needs the permission authorized_ips.');
  }
  if (operation.expiresAt !== undefined && epochMsOf(operation.expiresAt) <= now) {
    return { status: 'expired', detail: `It was to be applied before ${operation.expiresAt}.` };
  }
  return operation;
};

/** Keeps what an operation came to, in the transaction of its effect, audit, revision and feed. */
const record = async (
  write: WriteContext,
  accountId: string,
  asked: Asked,
  outcome: Outcome,
): Promise<OperationResult> => {
  const result = { id: asked.id, ...outcome };
  await write.tx.operations.insert({
    account_id: accountId,
    id: asked.id,
    fingerprint: asked.fingerprint,
    result: JSON.stringify(result),
    at: write.now,
  });
  return result;
};

/** @throws Refusal when it cannot be applied; then nothing of the write may stay. */
const applyWithin = async (
  context: ServiceContext,
  principal: Principal,
  write: SharedWrite,
  asked: Asked,
): Promise<OperationResult> => {
  const { accountId } = principal;
  const earlier = await earlierResult(write, accountId, asked);
  if (earlier !== undefined) return earlier;
  const operation = judge(asked, principal, write.now);
  if ('status' in operation) return record(write, accountId, asked, operation);
  const policy = context.directory.account(accountId);
  const author = { ...principal, operationId: asked.id };
  return withinPolicy(write, policy, author, async (inner) =>
    record(inner, accountId, asked, await carryOut(context, principal, inner, operation)),
  );
};

const applyOne = async (
  context: ServiceContext,
  principal: Principal,
  asked: Asked,
): Promise<OperationResult> => {
  const { accountId } = principal;
  try {
    return await context.writer.write((write) => applyWithin(context, principal, write, asked));
  } catch (error) {
    if (!(error instanceof Refusal) || !asked.parsed.success) throw error;
    // The refused attempt was rolled back as a whole; that it was refused is what is kept.
    const outcome = outcomeOf(asked.parsed.data, error);
    return context.writer.write(
      async (write) =>
        (await earlierResult(write, accountId, asked)) ?? record(write, accountId, asked, outcome),
    );
  }
};

/** So many share a commit, which is a third of what an operation takes. */
const MOST_TOGETHER = 20;

/** Whether its effect can be seen by the operations after it before memory has it: a range is looked up on disk. */
const isOfRange = ({ parsed }: Asked): boolean => parsed.success && parsed.data.type.startsWith('range.');

/** Thrown to undo what has to be done one by one. */
class Apart extends Error {}

/**
 * Applies operations in one transaction, each with a record of its own. Undefined, and no trace, where they have to be
 * applied one by one: one of them is refused, or is about a question, for which memory has to be up to date.
 */
const applyTogether = async (
  context: ServiceContext,
  principal: Principal,
  asked: readonly Asked[],
): Promise<readonly OperationResult[] | undefined> => {
  if (asked.length === 1 || !asked.every(isOfRange)) return undefined;
  const touchesQuestion = (): never => {
    throw new Apart();
  };
  try {
    return await context.writer.write(async (write) => {
      const results: OperationResult[] = [];
      for (const one of asked) {
        results.push(await applyWithin(context, principal, { ...write, touchesQuestion }, one));
        await write.breathe();
      }
      return results;
    });
  } catch (error) {
    if (error instanceof Refusal || error instanceof Apart) return undefined;
    throw error;
  }
};

const withId = z.looseObject({ id: idSchema });

/**
 * Applies queued edits in their order, each as a whole and at most once: an id that was answered before gets that
 * answer again. What one operation comes to does not stop the others.
 * @throws Refusal `invalid_request` when an operation has no readable id, before any of them is applied.
 */
export const applyOperations = async (
  context: ServiceContext,
  principal: Principal,
  raw: readonly unknown[],
): Promise<OperationResult[]> => {
  const asked = raw.map((item, index): Asked => {
    const named = withId.safeParse(item);
    if (!named.success) {
      const field = `operations.${index}.id`;
      throw new Refusal('invalid_request', `${field}: must be a ULID, made by the author.`, { field });
    }
    const parsed = operationSchema.safeParse(item);
    return {
      id: named.data.id,
      // Read, its members have one order and their defaults, however it was spelt.
      fingerprint: fingerprintOf(principal, parsed.success ? parsed.data : item),
      parsed,
    };
  });
  const results: OperationResult[] = [];
  for (let start = 0; start < asked.length; start += MOST_TOGETHER) {
    const group = asked.slice(start, start + MOST_TOGETHER);
    const together = await applyTogether(context, principal, group);
    if (together !== undefined) results.push(...together);
    else for (const one of group) results.push(await applyOne(context, principal, one));
  }
  return results;
};
