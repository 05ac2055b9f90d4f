import { z } from 'zod';
import { idSchema, reasonSchema, timeSchema, verdictSchema } from '../domain/entities';
import { told } from '../domain/told';

const outcomeSchema = z.object({ verdict: told(verdictSchema), reason: told(reasonSchema) });

/** An (address, key) whose verdict another policy changes. */
export const changedPairSchema = z.object({
  ip: z.string(),
  keyId: idSchema,
  keyName: z.string(),
  /** Its logged calls in the period. */
  count: z.int().positive(),
  lastAt: timeSchema,
  before: outcomeSchema,
  after: outcomeSchema,
});
export type ChangedPair = z.infer<typeof changedPairSchema>;

export const MAX_IMPACT_EXAMPLES = 10;

/** The callers let in lately that an edit would block (docs/behaviour.md 1.15). */
export const impactSchema = z.object({
  addresses: z.int().nonnegative(),
  keys: z.int().nonnegative(),
  calls: z.int().nonnegative(),
  /** The (address, key) pairs with the most calls. */
  examples: z.array(changedPairSchema).max(MAX_IMPACT_EXAMPLES),
});
export type Impact = z.infer<typeof impactSchema>;
