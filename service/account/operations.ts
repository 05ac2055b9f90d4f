import type { Operation, OperationResult } from '#shared/api/routes-operations';
import { applyWithin } from '../policy/apply-change';
import type { Principal, ServiceContext } from '../policy/context';
import { type ChangeContext, lookAhead, needsLook } from '../policy/impact';
import { PolicyDraft } from '../policy/policy-draft';
import { withinPolicy, type PolicyWrite, type SharedWrite } from '../policy/policy-write';
import { Refusal } from '../policy/refusal';
import type { OperationRow } from '../storage/repositories/operations';
import type { Repositories } from '../storage/storage';
import { accountOf } from './account-view';
import {
  earlierResult,
  readOperations,
  readyOrRefused,
  refusalOfAnothersEdit,
  type Asked,
} from './asked-operation';
import { applied, outcomeOf, type Outcome } from './operation-outcome';
import { answeredAlike } from './reviews';

async function carryOut(
  context: ServiceContext,
  principal: Principal,
  write: PolicyWrite,
  operation: Operation,
): Promise<Outcome> {
  try {
    const { ranges, review, isChanged } = await applyWithin(write, operation);
    if (!isChanged) return { status: 'duplicate', entity: review, detail: 'The review is open already.' };
    if (operation.type !== 'mode.set') return applied(review ?? ranges[0] ?? null);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const alike = error.code === 'already_decided' ? await answeredAlike(write, operation) : undefined;
    return alike === undefined
      ? outcomeOf(operation, error)
      : { status: 'duplicate', entity: alike, detail: 'Somebody has given the same answer already.' };
  }
  const account = await write.tx.accounts.get(principal.accountId);
  return applied(accountOf(account, principal, context.learningWindowMs, context.state()));
}

/** Applies one operation. A refusal leaves no trace, because the rule decides before anything is written. */
async function applyOne(
  context: ServiceContext,
  principal: Principal,
  write: SharedWrite,
  asked: Asked,
): Promise<Outcome> {
  const operation = readyOrRefused(asked, principal, write.now);
  if ('status' in operation) return operation;
  const author = { ...principal, operationId: asked.id };
  return withinPolicy(write, context.directory.account(principal.accountId), author, (inner) =>
    carryOut(context, principal, inner, operation),
  );
}

async function rememberedAmong(
  { operations }: Repositories,
  { accountId }: Principal,
  asked: readonly Asked[],
): Promise<Map<string, OperationRow>> {
  const rows = await operations.among(
    accountId,
    asked.map(({ id }) => id),
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Operations that share a transaction, whose commit is a large part of an operation's cost. Calls of new addresses wait for it. */
const MOST_TOGETHER = 20;

function isDenial({ parsed }: Asked): boolean {
  return parsed.data?.type === 'review.deny';
}

/**
 * An operation that has to be looked at begins a group, because those before it decide whom it blocks. Denials of reviews share
 * one, because each is about an address of its own.
 */
function groupsOf(asked: readonly Asked[]): readonly (readonly Asked[])[] {
  const groups: Asked[][] = [];
  for (const one of asked) {
    const open = groups.at(-1);
    const isLookedAt = one.parsed.data !== undefined && needsLook(one.parsed.data);
    const begins = isLookedAt && !(isDenial(one) && open?.every(isDenial) === true);
    if (open === undefined || begins || open.length === MOST_TOGETHER) groups.push([one]);
    else open.push(one);
  }
  return groups;
}

/** Returns the outcome of an operation that would block somebody. */
async function lookAt(
  context: ChangeContext,
  principal: Principal,
  { id, parsed }: Asked,
): Promise<OperationResult | undefined> {
  if (parsed.data === undefined) return undefined;
  try {
    await lookAhead(context, { ...principal, operationId: id }, parsed.data);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { id, ...outcomeOf(parsed.data, error) };
  }
}

/** Applies the operations of a group that would block nobody. */
async function applyGroup(
  context: ServiceContext & ChangeContext,
  principal: Principal,
  group: readonly Asked[],
): Promise<readonly OperationResult[]> {
  const refused = await Promise.all(group.map((one) => lookAt(context, principal, one)));
  const open = group.filter((_, index) => refused[index] === undefined);
  const applied = open.length === 0 ? [] : await applyTogether(context, principal, open);
  const inOrder = applied.values();
  return refused.flatMap((result) => result ?? inOrder.next().value ?? []);
}

/**
 * Applies the operations that are not remembered, and remembers their results in the same transaction. Refused operations are
 * not remembered, because they have no effect and are evaluated anew when they are sent again.
 */
function applyTogether(
  context: ServiceContext,
  principal: Principal,
  asked: readonly Asked[],
): Promise<readonly OperationResult[]> {
  return context.writer.write(async (write) => {
    const { accountId } = principal;
    const draft = new PolicyDraft(context.directory.account(accountId), write);
    const remembered = await rememberedAmong(write.tx, principal, asked);
    const fresh: OperationRow[] = [];
    const results: OperationResult[] = [];
    for (const one of asked) {
      const { id, fingerprint } = one;
      const earlier = earlierResult(remembered.get(id), one);
      const result = earlier ?? { id, ...(await applyOne(context, principal, { ...write, draft }, one)) };
      results.push(result);
      if (earlier !== undefined || !['applied', 'duplicate'].includes(result.status)) continue;
      const row = { account_id: accountId, id, fingerprint, result: JSON.stringify(result), at: write.now };
      // The same id may come twice in one request.
      remembered.set(id, row);
      fresh.push(row);
    }
    await write.tx.operations.insertAll(fresh);
    await draft.store(write);
    return results;
  });
}

/** Returns the results that need no write: remembered ones, and refusals that do not depend on the policy. */
async function answerAtOnce(
  { storage, clock }: ServiceContext,
  principal: Principal,
  asked: readonly Asked[],
): Promise<Map<Asked, OperationResult>> {
  const earlier = await rememberedAmong(storage.read, principal, asked);
  const answers = new Map<Asked, OperationResult>();
  for (const one of asked) {
    const known = refusalOfAnothersEdit(one, principal) ?? earlierResult(earlier.get(one.id), one);
    const outcome = known ?? readyOrRefused(one, principal, clock.now());
    if ('status' in outcome) answers.set(one, { ...outcome, id: one.id });
  }
  return answers;
}

/**
 * Applies queued operations in order, each as a whole and at most once (docs/behaviour.md 4.14). Operations that their author
 * may not send do not wait for a turn to write.
 * @param principalNow throws if the author has lost access meanwhile.
 * @throws Refusal `invalid_request` if an operation has no readable id, before any is applied.
 */
export async function applyOperations(
  context: ServiceContext & ChangeContext,
  principal: Principal,
  raw: readonly unknown[],
  principalNow: () => Promise<Principal>,
): Promise<OperationResult[]> {
  const asked = readOperations(raw, principal);
  const answers = await answerAtOnce(context, principal, asked);
  const open = asked.filter((one) => !answers.has(one));
  const applied: OperationResult[] = [];
  for (const [index, group] of groupsOf(open).entries()) {
    const author = index === 0 ? principal : await principalNow();
    applied.push(...(await applyGroup(context, author, group)));
  }
  const inOrder = applied.values();
  return asked.flatMap((one) => answers.get(one) ?? inOrder.next().value ?? []);
}
