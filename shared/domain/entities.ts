import { z } from 'zod';
import { proposalSchema } from './proposal';
import { sentencesSchema, wordsSchema, type ReasonName } from './sentence';
import { told } from './told';

/**
 * The entities of an account, as they travel between service, console and integrations (docs/behaviour.md 4.3). Times are ISO
 * 8601 in UTC, ids are ULIDs, and an unknown value is null, never absent. The `id` in a schema's metadata names it in the API.
 */

export const idSchema = z.ulid();
export const timeSchema = z.iso.datetime();

/** The treatment of unknown addresses (docs/behaviour.md 1.3). `learning` is the phase before the three other modes. */
export const modeSchema = z.enum(['learning', 'automatic', 'manual', 'deactivated']);
export type Mode = z.infer<typeof modeSchema>;

export const verdictSchema = z.enum(['allowed', 'blocked']);
export type Verdict = z.infer<typeof verdictSchema>;

/** The reasons of verdicts, in the order of the table in docs/behaviour.md 1.1. */
export const reasonSchema = z.enum([
  'missing_key',
  'invalid_key',
  'ambiguous_key',
  'revoked_key',
  'deactivated',
  'denied',
  'authorized',
  'learned',
  'trusted',
  'reported',
  'untrusted',
  'unknown',
]);
export type Reason = z.infer<typeof reasonSchema>;

export const effectSchema = z.enum(['authorize', 'deny']);
export type Effect = z.infer<typeof effectSchema>;

export const rangeSourceSchema = z.enum([
  'manual',
  'learning',
  'automatic',
  'approval',
  'denial',
  'import',
  'source',
]);
export type RangeSource = z.infer<typeof rangeSourceSchema>;

/** A network with an effect. `cidr` is canonical and always has its prefix length. */
export const rangeSchema = z
  .object({
    id: idSchema,
    cidr: z.string(),
    effect: told(effectSchema),
    label: z.string(),
    source: told(rangeSourceSchema),
    /** The source that yielded it and keeps it, with `source`. */
    sourceId: idSchema.nullable().default(null),
    /** The one key for which it holds; null for all keys. */
    keyId: idSchema.nullable(),
    createdAt: timeSchema,
    /** The e-mail address of the author, or `system`. */
    createdBy: z.string(),
    /** From this second on the range is not matched any more. */
    expiresAt: timeSchema.nullable(),
    version: z.int().positive(),
    lastUsedAt: timeSchema.nullable(),
    uses: z.int().nonnegative(),
  })
  .meta({ id: 'Range' });
export type Range = z.infer<typeof rangeSchema>;

/** One call with one of the account's keys, or the repeats within an aggregation window as one row with a count. */
export const attemptSchema = z
  .object({
    id: idSchema,
    /** The sequence number in the change feed, which grows each time the row changes. */
    seq: z.int().nonnegative(),
    /** An address, or in a flood of addresses of the key a network, whose calls the row counts (docs/behaviour.md 1.9.3). */
    ip: z.string(),
    keyId: idSchema,
    keyName: z.string(),
    verdict: told(verdictSchema),
    reason: told(reasonSchema),
    /** The reason why the call would have been blocked, with the reason `reported`; else null. */
    wouldBe: told(reasonSchema).nullable().default(null),
    rangeId: idSchema.nullable(),
    reviewId: idSchema.nullable(),
    firstAt: timeSchema,
    lastAt: timeSchema,
    count: z.int().positive(),
    method: z.string().nullable(),
    path: z.string().nullable(),
    userAgent: z.string().nullable(),
    country: z.string().nullable(),
    asn: z.int().nullable(),
    asName: z.string().nullable(),
  })
  .meta({ id: 'Attempt' });
export type Attempt = z.infer<typeof attemptSchema>;

export function isNetworkRow({ ip }: Pick<Attempt, 'ip'>): boolean {
  return ip.includes('/');
}

export const evidenceSchema = z
  .object({
    signal: z.string(),
    weight: z.number(),
    /** The sentence in English. */
    detail: z.string(),
    /** The sentence as a text of the catalogue and its values; older evidence has none, and newer one may have other values. */
    words: wordsSchema.optional().catch(undefined),
  })
  .meta({ id: 'Evidence' });
export type Evidence = z.infer<typeof evidenceSchema>;

export const reviewStatusSchema = z.enum(['pending', 'authorized', 'denied', 'superseded', 'expired']);
export type ReviewStatus = z.infer<typeof reviewStatusSchema>;

export const reviewCallerSchema = z
  .object({
    ip: z.string(),
    userAgent: z.string().nullable(),
    method: z.string().nullable(),
    path: z.string().nullable(),
    at: timeSchema,
  })
  .meta({ id: 'ReviewCaller' });
export type ReviewCaller = z.infer<typeof reviewCallerSchema>;

/** The number of callers that a review lists. */
export const MAX_REVIEW_CALLERS = 8;

/**
 * A blocked address and key that wait for an answer, or have got one (docs/behaviour.md 1.7). For an IPv6 address it stands for
 * the /64. The last review of a key at its limit also counts all further addresses.
 */
export const reviewSchema = z
  .object({
    id: idSchema,
    /** The address that opened the review. */
    ip: z.string(),
    /** The number of addresses that the review counts. */
    addressCount: z.int().positive().default(1),
    /** The latest callers, newest first, one for each address. */
    callers: z.array(reviewCallerSchema).max(MAX_REVIEW_CALLERS).default([]),
    keyId: idSchema,
    keyName: z.string(),
    status: told(reviewStatusSchema),
    reason: told(reasonSchema),
    firstAt: timeSchema,
    lastAt: timeSchema,
    count: z.int().positive(),
    score: z.number().nullable(),
    evidence: z.array(evidenceSchema),
    /** The network that "authorize the subnet" would add: the account's size of a grant around the address. */
    suggestedCidr: z.string(),
    /** What would cover this address and those that people authorized before; null if nothing is proposed. */
    proposal: proposalSchema.nullable().default(null).catch(null),
    country: z.string().nullable(),
    /** A part of the country (`DE-BE`), or a region as the cloud calls it. */
    region: z.string().nullable().default(null),
    asn: z.int().nullable(),
    asName: z.string().nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: timeSchema.nullable(),
    /** The note of the person who answered, which is also the label of the range that the answer added. */
    note: z.string().nullable().default(null),
    rangeId: idSchema.nullable(),
    version: z.int().positive(),
  })
  .meta({ id: 'Review' });
export type Review = z.infer<typeof reviewSchema>;

export const keyStatusSchema = z.enum(['active', 'revoked']);
export type KeyStatus = z.infer<typeof keyStatusSchema>;

/** An API key without its secret, of which the service keeps only the SHA-256. */
export const keySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    /** The first characters of the secret, enough to tell keys apart. */
    prefix: z.string(),
    status: told(keyStatusSchema),
    /** True if its calls from unknown addresses are reported and let in, whatever the account says. */
    reportOnly: z.boolean().default(false),
    createdAt: timeSchema,
    lastUsedAt: timeSchema.nullable(),
    rotatedAt: timeSchema.nullable(),
  })
  .meta({ id: 'Key' });
export type Key = z.infer<typeof keySchema>;

export const roleSchema = z.enum(['owner', 'user']);
export type Role = z.infer<typeof roleSchema>;

export const permissionSchema = z.enum(['authorized_ips', 'api_keys']);
export type Permission = z.infer<typeof permissionSchema>;

export const emailSchema = z.email('noEmail' satisfies ReasonName).max(254);

export const userSchema = z
  .object({
    id: idSchema,
    email: z.string(),
    role: told(roleSchema),
    permissions: z.array(told(permissionSchema)),
    createdAt: timeSchema,
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof userSchema>;

/** An access token without its secret, of which the service keeps only the SHA-256. */
export const tokenSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    createdAt: timeSchema,
    expiresAt: timeSchema.nullable(),
    lastUsedAt: timeSchema.nullable(),
  })
  .meta({ id: 'Token' });
export type Token = z.infer<typeof tokenSchema>;

/** The treatment of calls to the protected API: verdicts, verdicts under a fault that `why` names, or refusals. */
export const serviceStateSchema = z
  .object({
    state: told(z.enum(['ready', 'degraded', 'refusing'])),
    /** Sentences in English. */
    why: z.string().nullable(),
    whyWords: sentencesSchema,
    /** True while calls that cannot be decided are let in (GATEHOUSE_ON_ERROR=allow), and none can be decided. */
    letsIn: z.boolean().optional(),
  })
  .meta({ id: 'ServiceState' });
export type ServiceState = z.infer<typeof serviceStateSchema>;

export const accountSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    mode: told(modeSchema),
    /**
     * True if `automatic` and `manual` let in what they would block, and report it (docs/behaviour.md 1.3.4). It is kept in the
     * other modes, where it has no effect.
     */
    reportOnly: z.boolean().default(false),
    learning: z
      .object({
        startedAt: timeSchema.nullable(),
        lastNewAddressAt: timeSchema.nullable(),
        windowSeconds: z.number().positive(),
        endsAt: timeSchema.nullable(),
      })
      .nullable(),
    /** The number of applied changes of policy. */
    revision: z.int().nonnegative(),
    service: serviceStateSchema,
    grants: z.object({
      ipv4PrefixLength: z.int().min(0).max(32),
      ipv6PrefixLength: z.int().min(0).max(128),
    }),
    /** The user whose token made the request. */
    me: z.object({
      userId: idSchema,
      email: z.string(),
      role: told(roleSchema),
      permissions: z.array(told(permissionSchema)),
    }),
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof accountSchema>;

const actorKindSchema = z.enum(['user', 'email', 'system']);

export const actorSchema = z
  .object({
    kind: told(actorKindSchema),
    id: idSchema.optional(),
    name: z.string(),
  })
  .meta({ id: 'Actor' });
export type Actor = z.infer<typeof actorSchema>;

export const viaSchema = z.enum(['console', 'api', 'email', 'system']);
export type Via = z.infer<typeof viaSchema>;

export const auditEventSchema = z
  .object({
    id: idSchema,
    at: timeSchema,
    actor: actorSchema,
    via: told(viaSchema),
    action: z.string(),
    target: z.string(),
    before: z.unknown(),
    after: z.unknown(),
    operationId: idSchema.nullable(),
  })
  .meta({ id: 'AuditEvent' });
export type AuditEvent = z.infer<typeof auditEventSchema>;
