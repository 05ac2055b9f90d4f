import { z } from 'zod';
import { accountSchema, rangeSchema, reviewSchema } from './entities';

/** What an operation can be about. */
export const policyEntitySchema = z.union([rangeSchema, reviewSchema, accountSchema]);
export type PolicyEntity = z.infer<typeof policyEntitySchema>;

/**
 * Why an edit does not go on by itself. `conflict`: somebody else was first; `rejected`: the service refuses it; `expired`:
 * it came too late; `needs_confirmation`: it loosens protection and has waited too long, or nobody can tell any more
 * whether it is still meant.
 */
export const waitReasonSchema = z.enum(['conflict', 'rejected', 'expired', 'needs_confirmation']);
