import { z } from 'zod';
import {
  accountSchema,
  attemptSchema,
  auditEventSchema,
  effectSchema,
  idSchema,
  keySchema,
  modeSchema,
  permissionSchema,
  rangeSchema,
  reasonSchema,
  reviewSchema,
  reviewStatusSchema,
  timeSchema,
  verdictSchema,
} from '../domain/entities';

/**
 * The control plane as data: the service registers, validates and documents its routes from this object, and the
 * console's client derives its calls and decodes the answers from the same one (SPEC 4).
 */

/** What a caller must hold: nothing beyond a valid token (`read`), or one of the permissions. Owners hold all. */
export const accessSchema = z.enum(['read', ...permissionSchema.options]);
export type Access = z.infer<typeof accessSchema>;

export interface RouteContract {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** True when `If-Match: "<version>"` is honoured. */
  readonly ifMatch?: true;
  readonly status: 200 | 201 | 204;
  readonly response: z.ZodType;
}

export const MAX_LABEL_LENGTH = 200;
export const MAX_NAME_LENGTH = 100;

const labelSchema = z.string().trim().max(MAX_LABEL_LENGTH);
const nameSchema = z.string().trim().min(1, 'must not be empty').max(MAX_NAME_LENGTH);
const cidrTextSchema = z.string().max(200);
const durationSecondsSchema = z
  .int()
  .min(1)
  .max(10 * 365 * 86_400);

const idParams = z.strictObject({ id: idSchema });

const pageQuery = {
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(200).optional(),
};

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

const keyWithSecret = z.object({ key: keySchema, secret: z.string() });

export const scopeSchema = z.union([
  z.enum(['address', 'subnet']),
  z.strictObject({ cidr: cidrTextSchema, allowWide: z.boolean().optional() }),
]);
/** What an approval lets in: the address, its subnet (the account's grant size), or a range of one's own. */
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

export const authorizeReviewBody = z.strictObject({
  scope: scopeSchema,
  durationSeconds: durationSecondsSchema.optional(),
  thisKeyOnly: z.boolean().default(false),
});

export const denyReviewBody = z.strictObject({
  rotateKey: z.boolean().default(false),
  addDenyRange: z.boolean().default(false),
});

/** One change of something that the console mirrors: the entity as it stands now, or its removal. */
const change = <K extends string, T extends z.ZodType>(kind: K, value: T) => [
  z.object({ kind: z.literal(kind), op: z.literal('upsert'), id: idSchema, value }),
  z.object({ kind: z.literal(kind), op: z.literal('delete'), id: idSchema, value: z.null() }),
];
export const changeSchema = z.union([
  ...change('account', accountSchema),
  ...change('range', rangeSchema),
  ...change('review', reviewSchema),
  ...change('key', keySchema),
  ...change('attempt', attemptSchema),
  ...change('audit', auditEventSchema),
]);
export type Change = z.infer<typeof changeSchema>;

export const changesResponse = z.object({
  cursor: z.string(),
  reset: z.boolean(),
  changes: z.array(changeSchema),
  more: z.boolean(),
});
export type ChangesResponse = z.infer<typeof changesResponse>;

export const MAX_WAIT_SECONDS = 30;

export const routes = {
  getAccount: {
    method: 'GET',
    path: '/v1/account',
    summary: 'The account, its mode and who is asking',
    access: 'read',
    status: 200,
    response: accountSchema,
  },
  setMode: {
    method: 'PUT',
    path: '/v1/account/mode',
    summary: 'Choose how unknown addresses are handled',
    access: 'authorized_ips',
    body: z.strictObject({ mode: modeSchema }),
    status: 200,
    response: accountSchema,
  },
  listRanges: {
    method: 'GET',
    path: '/v1/ranges',
    summary: 'Authorized and denied ranges',
    access: 'read',
    query: z.strictObject({
      ...pageQuery,
      effect: effectSchema.optional(),
      q: z.string().max(200).optional(),
      keyId: idSchema.optional(),
    }),
    status: 200,
    response: pageOf(rangeSchema),
  },
  addRanges: {
    method: 'POST',
    path: '/v1/ranges',
    summary: 'Add a range; a dash makes several',
    access: 'authorized_ips',
    body: addRangeBody,
    status: 201,
    response: z.object({ items: z.array(rangeSchema) }),
  },
  updateRange: {
    method: 'PATCH',
    path: '/v1/ranges/:id',
    summary: 'Change label, effect, key or expiry of a range',
    access: 'authorized_ips',
    params: idParams,
    body: updateRangeBody,
    ifMatch: true,
    status: 200,
    response: rangeSchema,
  },
  removeRange: {
    method: 'DELETE',
    path: '/v1/ranges/:id',
    summary: 'Remove a range',
    access: 'authorized_ips',
    params: idParams,
    ifMatch: true,
    status: 204,
    response: z.null(),
  },
  listAttempts: {
    method: 'GET',
    path: '/v1/attempts',
    summary: 'The log of attempts',
    access: 'read',
    query: z.strictObject({
      ...pageQuery,
      ip: z.string().max(200).optional(),
      keyId: idSchema.optional(),
      verdict: verdictSchema.optional(),
      reason: reasonSchema.optional(),
      q: z.string().max(200).optional(),
      from: timeSchema.optional(),
      to: timeSchema.optional(),
      order: z.enum(['newest', 'oldest']).default('newest'),
    }),
    status: 200,
    response: pageOf(attemptSchema),
  },
  listReviews: {
    method: 'GET',
    path: '/v1/reviews',
    summary: 'Questions about blocked addresses',
    access: 'read',
    query: z.strictObject({ ...pageQuery, status: reviewStatusSchema.optional() }),
    status: 200,
    response: pageOf(reviewSchema),
  },
  authorizeReview: {
    method: 'POST',
    path: '/v1/reviews/:id/authorize',
    summary: 'Let the address in',
    access: 'authorized_ips',
    params: idParams,
    body: authorizeReviewBody,
    status: 200,
    response: z.object({ review: reviewSchema, range: rangeSchema }),
  },
  denyReview: {
    method: 'POST',
    path: '/v1/reviews/:id/deny',
    summary: 'Keep the address out',
    access: 'authorized_ips',
    params: idParams,
    body: denyReviewBody,
    status: 200,
    response: z.object({
      review: reviewSchema,
      range: rangeSchema.optional(),
      key: keySchema.optional(),
      secret: z.string().optional(),
    }),
  },
  listKeys: {
    method: 'GET',
    path: '/v1/keys',
    summary: 'API keys, without their secrets',
    access: 'read',
    query: z.strictObject(pageQuery),
    status: 200,
    response: pageOf(keySchema),
  },
  createKey: {
    method: 'POST',
    path: '/v1/keys',
    summary: 'Make an API key; its secret is in this answer and nowhere else',
    access: 'api_keys',
    body: z.strictObject({ name: nameSchema }),
    status: 201,
    response: keyWithSecret,
  },
  rotateKey: {
    method: 'POST',
    path: '/v1/keys/:id/rotate',
    summary: 'Give a key a new secret; the old one ends at once or after a grace',
    access: 'api_keys',
    params: idParams,
    body: z.strictObject({
      graceSeconds: z
        .int()
        .min(0)
        .max(30 * 86_400)
        .default(0),
    }),
    status: 200,
    response: keyWithSecret,
  },
  revokeKey: {
    method: 'DELETE',
    path: '/v1/keys/:id',
    summary: 'Revoke a key for good',
    access: 'api_keys',
    params: idParams,
    status: 204,
    response: z.null(),
  },
  getChanges: {
    method: 'GET',
    path: '/v1/changes',
    summary: 'What changed since a cursor; with wait it answers as soon as something does',
    access: 'read',
    query: z.strictObject({
      cursor: z.string().max(200).optional(),
      wait: z.coerce.number().int().min(0).max(MAX_WAIT_SECONDS).default(0),
    }),
    status: 200,
    response: changesResponse,
  },
  listAudit: {
    method: 'GET',
    path: '/v1/audit',
    summary: 'Who did what',
    access: 'read',
    query: z.strictObject(pageQuery),
    status: 200,
    response: pageOf(auditEventSchema),
  },
} as const satisfies Record<string, RouteContract>;
