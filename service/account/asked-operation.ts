import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  operationResultSchema,
  operationSchema,
  type Operation,
  type OperationResult,
} from '#shared/api/routes-operations';
import { idSchema } from '#shared/domain/entities';
import { reasonOf } from '#shared/domain/field-reason';
import { reasonInWords } from '#shared/domain/sentence';
import { isPermitted, type Principal } from '../policy/context';
import { Refusal } from '../policy/refusal';
import { epochMsOf } from '../runtime/clock';
import type { OperationRow } from '../storage/repositories/operations';
import { rejected, type Outcome } from './operation-outcome';

/** Detects a reused id. The author is the token's user, so an operation is the same with and without `authorId`. */
function fingerprintOf({ userId }: Principal, content: object): string {
  return createHash('sha256')
    .update(JSON.stringify([userId, { ...content, authorId: undefined }]))
    .digest('hex');
}

/** An operation as a caller asked for it. */
export interface Asked {
  readonly id: string;
  readonly fingerprint: string;
  readonly parsed: z.ZodSafeParseResult<Operation>;
}

const withId = z.looseObject({ id: idSchema });

/** @throws Refusal `invalid_request` if an operation has no readable id. */
export function readOperations(raw: readonly unknown[], principal: Principal): readonly Asked[] {
  return raw.map((item, index): Asked => {
    const named = withId.safeParse(item);
    if (!named.success) {
      const field = `operations.${index}.id`;
      throw new Refusal('invalid_request', `${field}: must be a ULID, made by the author.`, { field });
    }
    const parsed = operationSchema.safeParse(item);
    return {
      id: named.data.id,
      // The parsed form has one order of members and its defaults filled in, so that equal operations have equal
      // fingerprints.
      fingerprint: fingerprintOf(principal, parsed.success ? parsed.data : named.data),
      parsed,
    };
  });
}

/** Returns the remembered result of this id, or `id_reused` if it belonged to another operation. */
export function earlierResult(
  earlier: OperationRow | undefined,
  { id, fingerprint }: Asked,
): OperationResult | undefined {
  if (earlier === undefined) return undefined;
  if (earlier.fingerprint === fingerprint) return operationResultSchema.parse(JSON.parse(earlier.result));
  return { id, ...rejected('id_reused', 'This id was used for another operation.') };
}

/** Rejects an operation that another user made (docs/behaviour.md 4.14.5). */
export function refusalOfAnothersEdit({ parsed }: Asked, { userId }: Principal): Outcome | undefined {
  const authorId = parsed.data?.authorId;
  return authorId === undefined || authorId === userId
    ? undefined
    : rejected('forbidden', 'authorId: another user has made this operation. Only they can send it.');
}

/** Returns the operation if it may be applied now, else why not. */
export function readyOrRefused(asked: Asked, principal: Principal, now: number): Outcome | Operation {
  if (!asked.parsed.success) {
    const [issue] = asked.parsed.error.issues;
    const field = issue?.path.map(String).join('.') ?? '';
    const reason = issue === undefined ? '' : reasonInWords(reasonOf(issue));
    return rejected('invalid_request', `${field === '' ? 'operation' : field}: ${reason}`);
  }
  const operation = asked.parsed.data;
  if (!isPermitted(principal, 'authorized_ips')) {
    return rejected('forbidden', 'This needs the permission authorized_ips.');
  }
  if (operation.expiresAt !== undefined && epochMsOf(operation.expiresAt) <= now) {
    return { status: 'expired', detail: `It was to be applied before ${operation.expiresAt}.` };
  }
  return operation;
}
