import { z } from 'zod';
import {
  addRangeBody,
  authorizeReviewBody,
  confirmImpact,
  denyReviewBody,
  rangeChangesSchema,
  setModeBody,
  updateKeyBody,
} from '../api/bodies';
import { exportFormatSchema, importRoutes } from '../api/routes-import';
import {
  accountSchema,
  effectSchema,
  idSchema,
  keySchema,
  rangeSchema,
  reviewSchema,
  timeSchema,
} from '../domain/entities';
import { accountCall, call, type CallGroup, nothing } from './call';
import { figures } from './log';

/**
 * Changes of the policy. A call answers at once, with the state as it will be shown, and is sent later: `outbox.settled` tells
 * its outcome by the id of the operation.
 */

export const modeCalls = {
  /** The id is null if what is asked for holds already. */
  set: accountCall(setModeBody, z.object({ operationId: idSchema.nullable(), account: accountSchema })),
} as const satisfies CallGroup;

/** The most reviews or ranges that one call changes. */
export const MOST_AT_ONCE = 10_000;

/** The outcome of a change of many entities in one step of the outbox. Those that could not be changed hold up no other. */
const changedManySchema = z.object({
  refused: z.array(z.object({ id: idSchema, message: z.string() })),
  operationIds: z.array(idSchema),
});
export type ChangedMany = z.infer<typeof changedManySchema>;

/** One change for many ranges. */
export const changeForManySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('remove'), confirmImpact }),
  z.strictObject({
    kind: z.literal('update'),
    changes: z.strictObject({
      label: rangeChangesSchema.shape.label,
      expiresAt: rangeChangesSchema.shape.expiresAt,
    }),
    confirmImpact,
  }),
]);
export type ChangeForMany = z.output<typeof changeForManySchema>;

export const rangeCalls = {
  /** The answer has one operation for each range, because a dash may mean several. */
  add: accountCall(addRangeBody, z.object({ operationIds: z.array(idSchema), ranges: z.array(rangeSchema) })),
  update: accountCall(
    z.strictObject({ rangeId: idSchema, version: z.int(), changes: rangeChangesSchema, confirmImpact }),
    z.object({ operationId: idSchema, range: rangeSchema }),
  ),
  /** Changes ranges in one step of the outbox, unless somebody changed them since the person saw these versions. */
  changeMany: accountCall(
    z.strictObject({
      ranges: z
        .array(z.strictObject({ rangeId: idSchema, version: z.int() }))
        .min(1)
        .max(MOST_AT_ONCE),
      change: changeForManySchema,
    }),
    changedManySchema,
  ),
  /** Takes such a change back: `ranges` as they were before, and the operations that changed them. */
  restoreMany: accountCall(
    z.strictObject({
      ranges: z.array(rangeSchema).min(1).max(MOST_AT_ONCE),
      operationIds: z.array(idSchema).max(MOST_AT_ONCE),
    }),
    changedManySchema,
  ),
  /** The calls of the last day that the ranges decided about, from the log on this computer, by range and key. */
  impact: call(
    z.strictObject({ rangeIds: z.array(idSchema).min(1).max(MOST_AT_ONCE) }),
    z.object({
      ...figures,
      from: timeSchema,
      calls: z.array(
        z.object({
          rangeId: idSchema,
          keyId: idSchema,
          allowed: z.int().nonnegative(),
          blocked: z.int().nonnegative(),
        }),
      ),
    }),
  ),
  /** An import does not wait in the outbox: the service applies it at once, or with `dryRun` says what it would do. */
  import: accountCall(importRoutes.importRanges.body, importRoutes.importRanges.response),
  /** Saves the list in a file that a person chooses in a dialog of the system; the path is null if they cancel. */
  export: call(
    z.strictObject({ format: exportFormatSchema, effect: effectSchema.optional() }),
    z.object({ path: z.string().nullable() }),
  ),
} as const satisfies CallGroup;

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
  /** Has nothing proposed for the review's key and network for a while. It needs the service. */
  declineProposal: accountCall(z.strictObject({ reviewId: idSchema }), reviewSchema),
  /**
   * Answers many reviews in one step of the outbox. Those that cannot be answered are named, and hold up no other. Reviews of one
   * network may share an operation.
   */
  answerMany: accountCall(
    z.strictObject({
      reviewIds: z.array(idSchema).min(1).max(MOST_AT_ONCE),
      answer: answerForManySchema,
    }),
    changedManySchema,
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
  revoke: accountCall(z.strictObject({ keyId: idSchema, confirmImpact }), nothing),
} as const satisfies CallGroup;
