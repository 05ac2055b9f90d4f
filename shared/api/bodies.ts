import { z } from 'zod';
import { effectSchema, idSchema, modeSchema, timeSchema } from '../domain/entities';
import { WIDEST_PREFIX_LENGTHS } from '../ip/index';
import { cidrTextSchema, durationSecondsSchema, labelSchema, nameSchema } from './route-contract';

export const scopeSchema = z.union([
  z.enum(['address', 'subnet']),
  z.strictObject({ cidr: cidrTextSchema, allowWide: z.boolean().optional() }),
]);
/** An approval authorizes the address, its subnet (the account's grant size), or a given range. */
export type Scope = z.infer<typeof scopeSchema>;

export const addRangeBody = z.strictObject({
  cidr: cidrTextSchema,
  effect: effectSchema.default('authorize'),
  label: labelSchema.default(''),
  keyId: idSchema.nullable().default(null),
  expiresAt: timeSchema.nullable().default(null),
  allowWide: z.boolean().default(false),
});

export const updateRangeBody = z
  .strictObject({
    label: labelSchema.optional(),
    effect: effectSchema.optional(),
    keyId: idSchema.nullable().optional(),
    expiresAt: timeSchema.nullable().optional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, 'must name at least one field to change');

/** Without `reportOnly` that setting stays as it is. */
export const setModeBody = z.strictObject({ mode: modeSchema, reportOnly: z.boolean().optional() });

export const updateKeyBody = z
  .strictObject({ reportOnly: z.boolean().optional() })
  .refine((changes) => Object.keys(changes).length > 0, 'must name at least one field to change');

export const authorizeReviewBody = z.strictObject({
  scope: scopeSchema,
  durationSeconds: durationSecondsSchema.optional(),
  thisKeyOnly: z.boolean().default(false),
  /** Stored with the answer, and the label of the new range. */
  note: labelSchema.optional(),
});

export const denyReviewBody = z.strictObject({
  rotateKey: z.boolean().default(false),
  addDenyRange: z.boolean().default(false),
  /** The reason: stored with the answer, and the label of a new range. */
  note: labelSchema.optional(),
});

export const updateAccountBody = z
  .strictObject({
    name: nameSchema.optional(),
    /**
     * The size of ranges that learning, the trust review and "the subnet" of an approval add. Existing ranges stay. Wider
     * ones would need a person's confirmation, so they are refused here.
     */
    grants: z
      .strictObject({
        ipv4PrefixLength: z.int().min(WIDEST_PREFIX_LENGTHS[4]).max(32).optional(),
        ipv6PrefixLength: z.int().min(WIDEST_PREFIX_LENGTHS[6]).max(128).optional(),
      })
      .optional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, 'must name at least one field to change');
