import { z } from 'zod';
import { impactSchema } from '../api/impact';
import { accountSchema, rangeSchema, reviewSchema } from './entities';

/** The entity that an operation is about. */
export const policyEntitySchema = z.union([rangeSchema, reviewSchema, accountSchema]);
export type PolicyEntity = z.infer<typeof policyEntitySchema>;

/**
 * The state of an operation that waits for a person. `conflicted`: somebody else was first; `rejected`: the service refuses it;
 * `expired`: it came too late; `held`: it loosens protection and has waited too long, or nobody can tell whether it is still meant
 * (docs/behaviour.md 8.4.3).
 */
export const undecidedSchema = z.object({
  kind: z.enum(['conflicted', 'rejected', 'expired', 'held']),
  /** A code of the service's problem list, `waited_too_long`, `rescued` or `unrecognised`. */
  code: z.string(),
  /** The service's own sentence; empty if the code is one of this console. */
  detail: z.string(),
  /** The entity in the service, which is "theirs" in a conflict; null if it is gone or not known. */
  current: policyEntitySchema.nullable(),
  /** Whom the operation would block, with the code `would_block`. */
  impact: impactSchema.optional(),
});
export type Undecided = z.infer<typeof undecidedSchema>;

export function isUndecided(state: { readonly kind: string }): state is Undecided {
  return undecidedSchema.shape.kind.safeParse(state.kind).success;
}
