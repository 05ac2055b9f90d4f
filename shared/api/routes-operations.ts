import { z } from 'zod';
import { effectSchema, idSchema, timeSchema } from '../domain/entities';
import { impactSchema } from './impact';
import { told } from '../domain/told';
import { policyEntitySchema } from '../domain/outbox';
import { cidrTextSchema, durationSecondsSchema, labelSchema, type RouteContract } from './route-contract';
import { confirmImpact, modeChoice, rangeChangesSchema, scopeSchema } from './bodies';

const common = {
  /** Created by the author; the same id never has a second effect. */
  id: idSchema,
  /** The version of the entity that the author saw; absent if it does not matter. */
  baseVersion: z.int().positive().optional(),
  /** The author: with anybody else's token the operation is `forbidden`. By default the token's user. */
  authorId: idSchema.optional(),
  madeAt: timeSchema,
  confirmImpact,
  /** The operation is not applied after this time. */
  expiresAt: timeSchema.optional(),
};

export const operationSchema = z
  .discriminatedUnion('type', [
    z.strictObject({
      ...common,
      type: z.literal('range.add'),
      /** Created by the author, so that later operations can name the range; only for a text that means one range. */
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
      changes: rangeChangesSchema,
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
    /** Reopens the review. */
    z.strictObject({ ...common, type: z.literal('review.reopen'), reviewId: idSchema }),
    z.strictObject({ ...common, type: z.literal('mode.set'), ...modeChoice }),
  ])
  .meta({ id: 'Operation' });
/** One change by an administrator. The author creates its id, so that it can be queued, sent again and applied once. */
export type Operation = z.infer<typeof operationSchema>;

const operationStatusSchema = z.enum(['applied', 'duplicate', 'conflict', 'rejected', 'expired']);

export const operationResultSchema = z
  .object({
    id: idSchema,
    status: told(operationStatusSchema),
    /** The entity that the operation made or changed, as it was then; for several ranges the first. */
    entity: policyEntitySchema.nullable().optional(),
    /** With `conflict`: the current entity; null if it is gone. */
    current: policyEntitySchema.nullable().optional(),
    /** The reason why it was not applied: a stable code of the problem list. */
    code: z.string().optional(),
    detail: z.string().optional(),
    /** With `would_block`: how many and which addresses. */
    ...impactSchema.partial().shape,
  })
  .meta({ id: 'OperationResult' });
export type OperationResult = z.infer<typeof operationResultSchema>;

export const MAX_OPERATIONS = 500;

export const operationRoutes = {
  applyOperations: {
    method: 'POST',
    path: '/v1/operations',
    summary:
      'Apply queued operations in order, each once; an id that was applied gives the same result again',
    access: 'read',
    body: z.strictObject({
      // Parsed one by one, so that an invalid operation is rejected alone and the others are applied.
      operations: z.array(z.unknown()).min(1).max(MAX_OPERATIONS),
    }),
    status: 200,
    response: z.object({
      results: z.array(operationResultSchema),
      /** A cursor of the change feed at or before which none of these effects is missing. */
      cursor: z.string(),
    }),
  },
} as const satisfies Record<string, RouteContract>;
