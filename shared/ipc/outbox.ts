import { z } from 'zod';
import { addRangeBody, authorizeReviewBody, denyReviewBody, updateRangeBody } from '../api/bodies';
import { operationSchema } from '../api/routes-operations';
import { idSchema, timeSchema } from '../domain/entities';
import { waitReasonSchema, policyEntitySchema } from '../domain/outbox';
import { call, type CallGroup, type EventGroup, nothing } from './call';

/** How the edits of this console stand, in numbers. */
export const syncStatusSchema = z.object({
  /** Edits on their way or waiting for it, also those behind one that asks. */
  waiting: z.int().nonnegative(),
  /** Edits that a person has to decide: somebody else was first, or the service refuses them. */
  conflicts: z.int().nonnegative(),
  /** Edits that loosen protection and waited too long to be sent without being asked about. */
  needsConfirmation: z.int().nonnegative(),
  /** Edits that other people made on this computer: they wait to be adopted or discarded, or for their author. */
  others: z.int().nonnegative(),
  /** Why nothing moves although something waits; null while it does. */
  pausedBecause: z
    .enum(['offline', 'signed_out', 'rate_limited', 'service_trouble', 'own_trouble'])
    .nullable(),
  /** What the service, the network or this computer's disk says about that. */
  message: z.string().nullable(),
});
export type SyncStatus = z.infer<typeof syncStatusSchema>;

/** One edit that the service does not have yet, with both sides of a conflict. */
export const outboxItemSchema = z.object({
  id: idSchema,
  operation: operationSchema,
  /** The entity as its author saw it; null where the edit makes something new. */
  base: policyEntitySchema.nullable(),
  /** What the edit makes of the base: mine. Null where it is gone then. */
  mine: policyEntitySchema.nullable(),
  state: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('waiting'),
      /** The parked edit on the same entity that has to be decided first. */
      behind: idSchema.nullable(),
    }),
    z.object({ kind: z.literal('sending') }),
    z.object({
      kind: z.literal('parked'),
      reason: waitReasonSchema,
      /** A code of the service's problem list, `waited_too_long` or `rescued`. */
      code: z.string(),
      detail: z.string(),
      /** The entity as it stands with the service: theirs. Null when it is gone or not known. */
      current: policyEntitySchema.nullable(),
    }),
  ]),
  /** Who made it, where that is not the person who is signed in; the e-mail address is null where it is not known. */
  by: z.object({ email: z.string().nullable() }).nullable(),
  since: timeSchema,
  attempts: z.int().nonnegative(),
  lastError: z.string().nullable(),
  /** Whether it can be taken back without a trace. */
  undoable: z.boolean(),
});
export type OutboxItem = z.infer<typeof outboxItemSchema>;

/** An edit as a form gives it, in the place of a parked one. */
export const editSchema = z.discriminatedUnion('type', [
  addRangeBody.extend({ type: z.literal('range.add') }),
  z.strictObject({ type: z.literal('range.update'), rangeId: idSchema, changes: updateRangeBody }),
  authorizeReviewBody.extend({ type: z.literal('review.authorize'), reviewId: idSchema }),
  denyReviewBody.omit({ rotateKey: true }).extend({ type: z.literal('review.deny'), reviewId: idSchema }),
]);
export type Edit = z.infer<typeof editSchema>;

/** What becomes of a parked edit. */
export const resolutionSchema = z.discriminatedUnion('choice', [
  /** Once more, on top of how it stands now. */
  z.strictObject({ choice: z.literal('keep_mine') }),
  /** As it stands with the service; the edit is dropped. */
  z.strictObject({ choice: z.literal('take_theirs') }),
  z.strictObject({ choice: z.literal('edit'), edit: editSchema }),
]);
export type Resolution = z.infer<typeof resolutionSchema>;

export const settledSchema = z.discriminatedUnion('outcome', [
  z.object({
    id: idSchema,
    outcome: z.literal('applied'),
    /** As it stood then; null when it is gone. */
    entity: policyEntitySchema.nullable(),
    enforcedAt: timeSchema,
  }),
  z.object({
    id: idSchema,
    outcome: z.literal('parked'),
    reason: waitReasonSchema,
    code: z.string(),
    detail: z.string(),
    current: policyEntitySchema.nullable(),
  }),
  /** Taken back before it was sent, or made into another edit. */
  z.object({ id: idSchema, outcome: z.literal('undone') }),
]);
export type Settled = z.infer<typeof settledSchema>;

export const outboxCalls = {
  /** Every edit that the service does not have yet, in order. */
  list: call(nothing, z.array(outboxItemSchema)),
  /** Takes an edit back that has not been sent. */
  undo: call(z.strictObject({ id: idSchema }), nothing),
  /** Decides a parked edit. */
  resolve: call(z.strictObject({ id: idSchema, resolution: resolutionSchema }), nothing),
  /** Says again that an edit is meant that asks for it. */
  confirm: call(z.strictObject({ id: idSchema }), nothing),
  /** Makes edits of other people those of the person who is signed in. */
  adopt: call(z.strictObject({ ids: z.array(idSchema).min(1) }), nothing),
  /** Drops edits of other people for good. */
  discard: call(z.strictObject({ ids: z.array(idSchema).min(1) }), nothing),
} as const satisfies CallGroup;

export const outboxEvents = {
  /** How edits ended, or that they came to a stop; at most a few hundred at a time. */
  settled: z.object({ items: z.array(settledSchema) }),
  /** The list is another one. */
  changed: z.object({}),
} as const satisfies EventGroup;
