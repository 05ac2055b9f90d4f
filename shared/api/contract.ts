import { z } from 'zod';
import { DAY_SECONDS } from '../durations';
import {
  accountSchema,
  attemptSchema,
  auditEventSchema,
  effectSchema,
  idSchema,
  keySchema,
  rangeSchema,
  reviewSchema,
  serviceStateSchema,
  reviewStatusSchema,
} from '../domain/entities';
import { sourceSchema } from '../domain/source';
import { addToVocabulary, UNRECOGNISED } from '../domain/told';
import { operationRoutes } from './routes-operations';
import { logRoutes } from './routes-log';
import { importRoutes } from './routes-import';
import { policyRoutes } from './routes-policy';
import { sourceRoutes } from './routes-sources';
import { userRoutes } from './routes-users';
import {
  addRangeBody,
  rangeNoteSchema,
  authorizeReviewBody,
  confirmImpactQuery,
  denyReviewBody,
  setModeBody,
  updateAccountBody,
  updateKeyBody,
  updateRangeBody,
} from './bodies';
import { idParams, nameSchema, pageOf, pageQuery, type RouteContract } from './route-contract';

/**
 * The control plane as data: the service registers, validates and documents its routes from this object, and the
 * console's client derives its calls and decodes the answers from the same one (docs/behaviour.md 4).
 */

const keyWithSecret = z.object({ key: keySchema, secret: z.string() });

/** One change of a mirrored entity: its current state, or its removal. */
function change<K extends string, T extends z.ZodType>(kind: K, value: T) {
  return z.discriminatedUnion('op', [
    z.object({ kind: z.literal(kind), op: z.literal('upsert'), id: idSchema, value }),
    z.object({ kind: z.literal(kind), op: z.literal('delete'), id: idSchema, value: z.null() }),
  ]);
}

const knownChanges = [
  change('account', accountSchema),
  change('range', rangeSchema),
  change('review', reviewSchema),
  change('key', keySchema),
  change('source', sourceSchema),
  change('attempt', attemptSchema),
  change('audit', auditEventSchema),
] as const;
const newChange = { kind: UNRECOGNISED, op: 'upsert', id: '', value: null } as const;
const newChangeSchema = z.object({
  kind: z.literal(newChange.kind),
  op: z.literal(newChange.op),
  id: z.literal(newChange.id),
  value: z.null(),
});

const changeHead = z.object({ kind: z.string(), op: z.string() });
const knownHeads = new Set(
  knownChanges.flatMap(({ options }) => options.map(({ shape }) => `${shape.kind.value} ${shape.op.value}`)),
);

addToVocabulary(knownHeads);

/** Returns true for a well-formed change of an unknown kind; anything malformed stays an error. */
function isNewChange(change: unknown): boolean {
  const head = changeHead.safeParse(change);
  return head.success && !knownHeads.has(`${head.data.kind} ${head.data.op}`);
}

/** A newer service may send changes of unknown kinds; the known ones are applied all the same. */
export const changeSchema = z.preprocess(
  (change) => (isNewChange(change) ? newChange : change),
  z.discriminatedUnion('kind', [...knownChanges, newChangeSchema]),
);
export type Change = z.infer<typeof changeSchema>;

export const changesResponse = z.object({
  cursor: z.string(),
  reset: z.boolean(),
  changes: z.array(changeSchema),
  more: z.boolean(),
  /** True if the reader has got all of the log or the audit trail, not only the newest rows. */
  whole: z.object({ attempts: z.boolean(), audit: z.boolean() }).optional(),
  /** The current decision on calls to the protected API. */
  service: serviceStateSchema.optional(),
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
  updateAccount: {
    method: 'PATCH',
    path: '/v1/account',
    summary: 'Change the name of the account, or how large the ranges are that it adds by itself',
    access: 'owner',
    body: updateAccountBody,
    status: 200,
    response: accountSchema,
  },
  setMode: {
    method: 'PUT',
    path: '/v1/account/mode',
    summary: 'Choose how unknown addresses are handled',
    access: 'authorized_ips',
    body: setModeBody,
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
    response: z.object({ items: z.array(rangeSchema), notes: z.array(rangeNoteSchema) }),
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
    query: confirmImpactQuery,
    ifMatch: true,
    status: 204,
    response: z.null(),
  },
  ...logRoutes,
  listReviews: {
    method: 'GET',
    path: '/v1/reviews',
    summary: 'Reviews of blocked addresses',
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
  reopenReview: {
    method: 'POST',
    path: '/v1/reviews/:id/reopen',
    summary: 'Take an answer back: the review is pending again, and the range that the answer added is gone',
    access: 'authorized_ips',
    params: idParams,
    ifMatch: true,
    status: 200,
    response: z.object({ review: reviewSchema }),
  },
  declineProposal: {
    method: 'POST',
    path: '/v1/reviews/:id/decline-proposal',
    summary: 'Have nothing proposed for the key and network of the review for 30 days',
    access: 'authorized_ips',
    params: idParams,
    status: 200,
    response: z.object({ review: reviewSchema }),
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
        .max(30 * DAY_SECONDS)
        .default(0),
    }),
    status: 200,
    response: keyWithSecret,
  },
  updateKey: {
    method: 'PATCH',
    path: '/v1/keys/:id',
    summary: 'Choose whether calls with the key are reported instead of blocked',
    // It loosens or tightens protection, which whoever makes keys need not be allowed to do.
    access: 'authorized_ips',
    params: idParams,
    body: updateKeyBody,
    status: 200,
    response: keySchema,
  },
  revokeKey: {
    method: 'DELETE',
    path: '/v1/keys/:id',
    summary: 'Revoke a key for good',
    access: 'api_keys',
    params: idParams,
    query: confirmImpactQuery,
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
  ...operationRoutes,
  ...importRoutes,
  ...policyRoutes,
  ...sourceRoutes,
  ...userRoutes,
} as const satisfies Record<string, RouteContract>;
