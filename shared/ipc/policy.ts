import { z } from 'zod';
import {
  addRangeBody,
  authorizeReviewBody,
  denyReviewBody,
  setModeBody,
  updateKeyBody,
  updateRangeBody,
} from '../api/bodies';
import { importFilterSchema, MAX_IMPORT_BYTES, policyRoutes } from '../api/routes-policy';
import {
  accountSchema,
  idSchema,
  keySchema,
  rangeSchema,
  reviewSchema,
  timeSchema,
} from '../domain/entities';
import { accountCall, type CallGroup, nothing } from './call';

/**
 * Changes of the policy. A call answers at once, with the state as it will be shown, and is sent later: `outbox.settled` tells
 * its outcome by the id of the operation.
 */

export const modeCalls = {
  /** The id is null if what is asked for holds already. */
  set: accountCall(setModeBody, z.object({ operationId: idSchema.nullable(), account: accountSchema })),
} as const satisfies CallGroup;

export const rangeCalls = {
  /** The answer has one operation for each range, because a dash may mean several. */
  add: accountCall(addRangeBody, z.object({ operationIds: z.array(idSchema), ranges: z.array(rangeSchema) })),
  update: accountCall(
    z.strictObject({ rangeId: idSchema, version: z.int(), changes: updateRangeBody }),
    z.object({ operationId: idSchema, range: rangeSchema }),
  ),
  /** The id is null if the service never knew the range. */
  remove: accountCall(
    z.strictObject({ rangeId: idSchema, version: z.int() }),
    z.object({ operationId: idSchema.nullable() }),
  ),
  /** An import does not wait in the outbox: the service applies it at once, or with `dryRun` says what it would do. */
  import: accountCall(
    z.strictObject({
      text: z.string().max(MAX_IMPORT_BYTES),
      dryRun: z.boolean(),
      outcome: importFilterSchema.optional(),
      cursor: z.string().max(20).optional(),
    }),
    policyRoutes.importRanges.response,
  ),
} as const satisfies CallGroup;

/** The most reviews that one call answers. */
export const MOST_ANSWERED_TOGETHER = 10_000;

/** One answer for many reviews: an authorization means each review's own address or subnet. */
export const answerForManySchema = z.discriminatedUnion('kind', [
  authorizeReviewBody.safeExtend({ kind: z.literal('authorize') }),
  denyReviewBody.omit({ rotateKey: true }).safeExtend({ kind: z.literal('deny') }),
  /** Takes the answers back, so that the reviews are pending again. */
  z.strictObject({ kind: z.literal('reopen') }),
]);
export type AnswerForMany = z.output<typeof answerForManySchema>;

export const reviewCalls = {
  authorize: accountCall(
    authorizeReviewBody.safeExtend({ reviewId: idSchema }),
    z.object({ operationId: idSchema, review: reviewSchema, range: rangeSchema }),
  ),
  deny: accountCall(
    denyReviewBody.safeExtend({ reviewId: idSchema }),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('queued'), operationId: idSchema, review: reviewSchema }),
      /** A denial with a new secret for the key does not wait in the outbox: the service has applied it. */
      z.object({
        kind: z.literal('done'),
        review: reviewSchema,
        secret: z.string().nullable(),
        enforcedAt: timeSchema,
      }),
    ]),
  ),
  /**
   * Takes an answer back, so that its review is pending again. `operationId` is the answer's own, or null if it had none. The
   * returned id is that of the reopening, or null if the answer was not sent yet.
   */
  undo: accountCall(
    z.strictObject({ reviewId: idSchema, operationId: idSchema.nullable() }),
    z.object({ operationId: idSchema.nullable() }),
  ),
  /**
   * Answers many reviews in one step of the outbox. Those that cannot be answered are named, and hold up no other. Reviews of one
   * network may share an operation.
   */
  answerMany: accountCall(
    z.strictObject({
      reviewIds: z.array(idSchema).min(1).max(MOST_ANSWERED_TOGETHER),
      answer: answerForManySchema,
    }),
    z.object({
      refused: z.array(z.object({ reviewId: idSchema, message: z.string() })),
      operationIds: z.array(idSchema),
    }),
  ),
  /** Takes back the operations that were not sent yet, in one step. Returns the reviews that are pending again. */
  stopMany: accountCall(
    z.strictObject({
      reviewIds: z.array(idSchema),
      operationIds: z.array(idSchema),
    }),
    z.object({ reopenedIds: z.array(idSchema) }),
  ),
} as const satisfies CallGroup;

export const keyCalls = {
  create: accountCall(
    z.strictObject({ name: z.string().max(200) }),
    z.object({ key: keySchema, secret: z.string() }),
  ),
  rotate: accountCall(
    z.strictObject({ keyId: idSchema, graceSeconds: z.int().min(0) }),
    z.object({ key: keySchema, secret: z.string() }),
  ),
  /** Needs the service, as all calls of keys do. */
  update: accountCall(updateKeyBody.safeExtend({ keyId: idSchema }), keySchema),
  revoke: accountCall(z.strictObject({ keyId: idSchema }), nothing),
} as const satisfies CallGroup;
