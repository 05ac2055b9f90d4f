import { z } from 'zod';
import { accountSchema, rangeSchema, reviewSchema } from './entities';

/** The entity that an operation is about. */
export const policyEntitySchema = z.union([rangeSchema, reviewSchema, accountSchema]);
export type PolicyEntity = z.infer<typeof policyEntitySchema>;

/**
 * The reason why an operation waits for a person. `conflict`: somebody else was first; `rejected`: the service refuses it;
 * `expired`: it came too late; `needs_confirmation`: it loosens protection and has waited too long, or nobody can tell whether it
 * is still meant (docs/behaviour.md 8.4.3).
 */
export const waitReasonSchema = z.enum(['conflict', 'rejected', 'expired', 'needs_confirmation']);
