import { z } from 'zod';
import { effectSchema, idSchema, modeSchema, timeSchema } from '../domain/entities';
import { told } from '../domain/told';
import { policyEntitySchema } from '../domain/outbox';
import { cidrTextSchema, durationSecondsSchema, labelSchema, type RouteContract } from './route-contract';
import { scopeSchema, updateRangeBody } from './bodies';

/** What every operation carries. */
const common = {
  /** Made by its author; the same id never has a second effect. */
  id: idSchema,
  /** The version of the entity that the author saw; absent where that does not matter. */
  baseVersion: z.int().positive().optional(),
  /** The user who made it: refused as `forbidden` with anybody else's token. Where it is absent, the token's user made it. */
  authorId: idSchema.optional(),
  /** When its author made it. */
  madeAt: timeSchema,
  /** Until when it may still be applied. */
  expiresAt: timeSchema.optional(),
};

export const operationSchema = z
  .discriminatedUnion('type', [
    z.strictObject({
      ...common,
      type: z.literal('range.add'),
      /** Made by the author, so that later operations can name the range; only for a text that means one range. */
      rangeId: idSchema.optional(),
      cidr: cidrTextSchema,
      effect: effectSchema.default('authorize'),
      label: labelSchema.default(''),
      keyId: idSchema.nullable().default(null),
      rangeExpiresAt: timeSchema.nullable().default(null),
      allowWide: z.boolean().default(false),
    }),
    z.strictObject({
      ...common,
      type: z.literal('range.update'),
      rangeId: idSchema,
      changes: updateRangeBody,
    }),
    z.strictObject({ ...common, type: z.literal('range.remove'), rangeId: idSchema }),
    z.strictObject({
      ...common,
      type: z.literal('review.authorize'),
      reviewId: idSchema,
      scope: scopeSchema,
      durationSeconds: durationSecondsSchema.optional(),
      thisKeyOnly: z.boolean().default(false),
      note: labelSchema.optional(),
    }),
    z.strictObject({
      ...common,
      type: z.literal('review.deny'),
      reviewId: idSchema,
      addDenyRange: z.boolean().default(false),
      note: labelSchema.optional(),
    }),
    /** Takes the answer back: the question is open again. */
    z.strictObject({ ...common, type: z.literal('review.reopen'), reviewId: idSchema }),
    z.strictObject({ ...common, type: z.literal('mode.set'), mode: modeSchema }),
  ])
  .meta({ id: 'Operation' });
/** One edit by an administrator, with an id made by its author, so that it can be queued, sent again and applied once. */
export type Operation = z.infer<typeof operationSchema>;

const operationStatusSchema = z.enum(['applied', 'duplicate', 'conflict', 'rejected', 'expired']);

export const operationResultSchema = z
  .object({
    id: idSchema,
    status: told(operationStatusSchema),
    /** What the operation made or changed, as it stood then; for several ranges the first. */
    entity: policyEntitySchema.nullable().optional(),
    /** With `conflict`: the entity as it stands now; null when it is gone. */
    current: policyEntitySchema.nullable().optional(),
    /** Why it was not applied; a stable code of the problem list. */
    code: z.string().optional(),
    detail: z.string().optional(),
  })
  .meta({ id: 'OperationResult' });
export type OperationResult = z.infer<typeof operationResultSchema>;

export const MAX_OPERATIONS = 500;

export const operationRoutes = {
  applyOperations: {
    method: 'POST',
    path: '/v1/operations',
    summary: 'Apply queued edits in order, each once; an id that was applied gives the same result again',
    access: 'read',
    body: z.strictObject({
      // Read one by one: an operation that is not valid is rejected alone, and the others are applied.
      operations: z.array(z.unknown()).min(1).max(MAX_OPERATIONS),
    }),
    status: 200,
    response: z.object({
      results: z.array(operationResultSchema),
      /** A place in the change feed at or before which none of these effects is missing. */
      cursor: z.string(),
    }),
  },
} as const satisfies Record<string, RouteContract>;
