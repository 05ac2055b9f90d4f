import { z } from 'zod';
import { addRangeBody, authorizeReviewBody, denyReviewBody, updateRangeBody } from '../api/bodies';
import { importFilterSchema, MAX_IMPORT_BYTES, policyRoutes } from '../api/routes-policy';
import {
  accountSchema,
  idSchema,
  keySchema,
  modeSchema,
  rangeSchema,
  reviewSchema,
  timeSchema,
} from '../domain/entities';
import { call, type CallGroup, nothing } from './call';

/**
 * Edits of the policy. They answer at once, with what they come to as it will be shown, and are sent later:
 * `outbox.settled` tells how they ended, by the id of the operation.
 */

export const modeCalls = {
  /** Without an id when it is that mode already. */
  set: call(
    z.strictObject({ mode: modeSchema }),
    z.object({ operationId: idSchema.nullable(), account: accountSchema }),
  ),
} as const satisfies CallGroup;

export const rangeCalls = {
  /** An operation for each range: a dash may mean several. */
  add: call(addRangeBody, z.object({ operationIds: z.array(idSchema), ranges: z.array(rangeSchema) })),
  update: call(
    z.strictObject({ rangeId: idSchema, version: z.int(), changes: updateRangeBody }),
    z.object({ operationId: idSchema, range: rangeSchema }),
  ),
  /** Without an id when the service never knew the range. */
  remove: call(
    z.strictObject({ rangeId: idSchema, version: z.int() }),
    z.object({ operationId: idSchema.nullable() }),
  ),
  /** No edit that could wait: the service does it while one looks on, or says (`dryRun`) what it would do. */
  import: call(
    z.strictObject({
      text: z.string().max(MAX_IMPORT_BYTES),
      dryRun: z.boolean(),
      outcome: importFilterSchema.optional(),
      cursor: z.string().max(20).optional(),
    }),
    policyRoutes.importRanges.response,
  ),
} as const satisfies CallGroup;

export const reviewCalls = {
  authorize: call(
    authorizeReviewBody.safeExtend({ reviewId: idSchema }),
    z.object({ operationId: idSchema, review: reviewSchema, range: rangeSchema }),
  ),
  deny: call(
    denyReviewBody.safeExtend({ reviewId: idSchema }),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('queued'), operationId: idSchema, review: reviewSchema }),
      /** With a new secret for the key it is no edit that could wait: the service has done it. */
      z.object({
        kind: z.literal('done'),
        review: reviewSchema,
        secret: z.string().nullable(),
        enforcedAt: timeSchema,
      }),
    ]),
  ),
  /**
   * Takes an answer back, so that its question is open again. `operationId` is the answer's own, or null where it had
   * none; the one that comes back is of the edit that does it, or null where the answer was not sent yet.
   */
  undo: call(
    z.strictObject({ reviewId: idSchema, operationId: idSchema.nullable() }),
    z.object({ operationId: idSchema.nullable() }),
  ),
} as const satisfies CallGroup;

export const keyCalls = {
  create: call(
    z.strictObject({ name: z.string().max(200) }),
    z.object({ key: keySchema, secret: z.string() }),
  ),
  rotate: call(
    z.strictObject({ keyId: idSchema, graceSeconds: z.int().min(0) }),
    z.object({ key: keySchema, secret: z.string() }),
  ),
  revoke: call(z.strictObject({ keyId: idSchema }), nothing),
} as const satisfies CallGroup;
