import { z } from 'zod';
import { effectSchema, idSchema, modeSchema, timeSchema } from '../domain/entities';
import type { ReasonName } from '../domain/sentence';
import { WIDEST_PREFIX_LENGTHS } from '../ip/index';
import { cidrTextSchema, durationSecondsSchema, labelSchema, nameSchema } from './route-contract';

export const scopeSchema = z.union([
  z.enum(['address', 'subnet']),
  z.strictObject({ cidr: cidrTextSchema, allowWide: z.boolean().optional() }),
]);
/** An approval authorizes the address, its subnet (the account's grant size), or a given range. */
export type Scope = z.infer<typeof scopeSchema>;

/** True if the edit is meant although it blocks what was let in lately (docs/behaviour.md 1.15). */
export const confirmImpact = z.boolean().optional();

/** A range as it is added, or simulated. */
export const newRangeSchema = z.strictObject({
  cidr: cidrTextSchema,
  effect: effectSchema.default('authorize'),
  label: labelSchema.default(''),
  keyId: idSchema.nullable().default(null),
  expiresAt: timeSchema.nullable().default(null),
  allowWide: z.boolean().default(false),
});

export const rangeNoteSchema = z.object({
  /**
   * `host_bits_cleared` and `mapped_to_ipv4`: the text means something else than it shows. `range_in_label`: a range in the
   * label has no effect. `covered`: a wider range says the same. `void_by_denial`: a denial of the same network is stronger.
   * `opens_denial`: a wider denial no longer holds for the networks of the range.
   */
  code: z.string(),
  message: z.string(),
  /** The existing range, if the note is about one. */
  rangeId: idSchema.optional(),
});
/** Something that a person should know of a range that was added. */
export type RangeNote = z.infer<typeof rangeNoteSchema>;

export const addRangeBody = newRangeSchema.extend({ confirmImpact });

export const NAMES_NO_CHANGE = 'noChange' satisfies ReasonName;

export function namesChange(changes: object): boolean {
  return Object.keys(changes).some((name) => name !== 'confirmImpact');
}

const rangeChanges = z.strictObject({
  label: labelSchema.optional(),
  effect: effectSchema.optional(),
  keyId: idSchema.nullable().optional(),
  expiresAt: timeSchema.nullable().optional(),
});
export const rangeChangesSchema = rangeChanges.refine(namesChange, NAMES_NO_CHANGE);
export const updateRangeBody = rangeChanges.extend({ confirmImpact }).refine(namesChange, NAMES_NO_CHANGE);

/** `confirmImpact` of calls without a body. */
export const confirmImpactQuery = z.strictObject({
  confirmImpact: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
});

/** Without `reportOnly` that setting stays as it is. */
export const modeChoice = { mode: modeSchema, reportOnly: z.boolean().optional() };
export const setModeBody = z.strictObject({ ...modeChoice, confirmImpact });

export const updateKeyBody = z
  .strictObject({ reportOnly: z.boolean().optional(), confirmImpact })
  .refine(namesChange, NAMES_NO_CHANGE);

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
  confirmImpact,
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
  .refine(namesChange, NAMES_NO_CHANGE);
