import { z } from 'zod';
import { addRangeBody, authorizeReviewBody, denyReviewBody, rangeChangesSchema } from '../api/bodies';
import { operationSchema } from '../api/routes-operations';
import { idSchema, timeSchema } from '../domain/entities';
import { policyEntitySchema, undecidedSchema } from '../domain/outbox';
import { accountCall, call, type CallGroup, type EventGroup, nothing } from './call';

/** The numbers of this console's queued operations. */
export const syncStatusSchema = z.object({
  /** Operations that are under way or waiting, also behind one that waits for a person. */
  waiting: z.int().nonnegative(),
  /** Operations that a person has to decide: somebody else was first, or the service refuses them. */
  conflicts: z.int().nonnegative(),
  /** Operations that are held because they loosen protection and waited too long (docs/behaviour.md 8.4.3). */
  needsConfirmation: z.int().nonnegative(),
  /** Operations of other people on this computer. They wait to be adopted or discarded, or for their author. */
  others: z.int().nonnegative(),
  /** The reason why nothing is sent although operations wait; null while they are sent. */
  pausedBecause: z
    .enum(['offline', 'signed_out', 'rate_limited', 'service_trouble', 'own_trouble'])
    .nullable(),
  /** A sentence of the service, the network or this computer's disk about that. */
  message: z.string().nullable(),
});
export type SyncStatus = z.infer<typeof syncStatusSchema>;

/** One operation that the service does not have yet, with both sides of a conflict. */
export const listedOperationSchema = z.object({
  id: idSchema,
  operation: operationSchema,
  /** The entity as its author saw it; null if the operation makes a new one. */
  base: policyEntitySchema.nullable(),
  /** The base after the operation, which is "mine" in a conflict; null if it is removed. */
  mine: policyEntitySchema.nullable(),
  state: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('waiting'),
      /** The id of the operation on the same entity that a person has to decide first. */
      behind: idSchema.nullable(),
    }),
    z.object({ kind: z.literal('sending') }),
    undecidedSchema,
  ]),
  /** The author, if that is not the signed-in user; the e-mail address is null if it is not known. */
  by: z.object({ email: z.string().nullable() }).nullable(),
  since: timeSchema,
  attempts: z.int().nonnegative(),
  lastError: z.string().nullable(),
  /** True if it can be taken back without a trace. */
  undoable: z.boolean(),
});
export type ListedOperation = z.infer<typeof listedOperationSchema>;

/** What a person asks for in place of an operation that waits for them. */
export const operationRequestSchema = z.discriminatedUnion('type', [
  addRangeBody.extend({ type: z.literal('range.add') }),
  z.strictObject({ type: z.literal('range.update'), rangeId: idSchema, changes: rangeChangesSchema }),
  authorizeReviewBody.extend({ type: z.literal('review.authorize'), reviewId: idSchema }),
  denyReviewBody.omit({ rotateKey: true }).extend({ type: z.literal('review.deny'), reviewId: idSchema }),
]);
export type OperationRequest = z.infer<typeof operationRequestSchema>;

/** A person's decision about an operation that waits for one. */
export const resolutionSchema = z.discriminatedUnion('choice', [
  /** Repeats the operation, based on the current state of the entity. */
  z.strictObject({ choice: z.literal('keep_mine') }),
  /** Keeps the entity as it is in the service, and drops the operation. */
  z.strictObject({ choice: z.literal('take_theirs') }),
  z.strictObject({ choice: z.literal('replace'), request: operationRequestSchema }),
]);
export type Resolution = z.infer<typeof resolutionSchema>;

export const settledSchema = z.discriminatedUnion('outcome', [
  z.object({
    id: idSchema,
    outcome: z.literal('applied'),
    /** The entity after the operation; null if it is gone. */
    entity: policyEntitySchema.nullable(),
    enforcedAt: timeSchema,
  }),
  undecidedSchema.extend({ id: idSchema, outcome: z.literal('undecided') }),
  /** The operation was taken back before it was sent, or merged into another one. */
  z.object({ id: idSchema, outcome: z.literal('undone') }),
]);
export type Settled = z.infer<typeof settledSchema>;

export const outboxCalls = {
  /** Every operation that the service does not have yet, in order. */
  list: call(nothing, z.array(listedOperationSchema)),
  /** Takes back an operation that has not been sent. */
  undo: accountCall(z.strictObject({ id: idSchema }), nothing),
  /** Decides about an operation that waits for a person. */
  resolve: accountCall(z.strictObject({ id: idSchema, resolution: resolutionSchema }), nothing),
  /** Confirms an operation that is held. */
  confirm: accountCall(z.strictObject({ id: idSchema }), nothing),
  /** Makes operations of other people those of the signed-in user. */
  adopt: accountCall(z.strictObject({ ids: z.array(idSchema).min(1) }), nothing),
  /** Drops operations of other people for good. */
  discard: accountCall(z.strictObject({ ids: z.array(idSchema).min(1) }), nothing),
} as const satisfies CallGroup;

export const outboxEvents = {
  /** Operations that ended or stopped, at most a few hundred at a time. */
  settled: z.object({ items: z.array(settledSchema) }),
  changed: z.object({}),
} as const satisfies EventGroup;
