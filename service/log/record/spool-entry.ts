import { z } from 'zod';
import { reasonSchema, verdictSchema } from '#shared/domain/entities';
import type { AttemptFacts } from '../../gate/call-log';

const nullableText = z.string().nullable();

/** A call that was decided while the database was away, with what its row and its review need. */
const callSchema = z.object({
  kind: z.literal('call'),
  /** The id of its row. */
  id: z.string(),
  accountId: z.string(),
  keyId: z.string(),
  ip: z.string(),
  verdict: verdictSchema,
  reason: reasonSchema,
  wouldBe: reasonSchema.nullable(),
  rangeId: nullableText,
  method: nullableText,
  path: nullableText,
  userAgent: nullableText,
  fingerprint: nullableText,
  /** Milliseconds since the epoch. */
  at: z.number(),
});

/** Further calls of a row. */
const repeatSchema = z.object({
  kind: z.literal('repeat'),
  /** The id of the row. */
  id: z.string(),
  accountId: z.string(),
  verdict: verdictSchema,
  by: z.number(),
  lastAt: z.number(),
});

const entrySchema = z.discriminatedUnion('kind', [callSchema, repeatSchema]);

export type SpooledCall = z.infer<typeof callSchema>;
export type SpooledRepeat = z.infer<typeof repeatSchema>;

/** Reads an entry of the spool. */
export function entryOf(text: string): SpooledCall | SpooledRepeat {
  return entrySchema.parse(JSON.parse(text));
}

/** Returns the entry of a call whose row has this id. */
export function spooledCallOf(facts: AttemptFacts, id: string, at: number): SpooledCall {
  const { policy, keyId, ip, verdict, reason, wouldBe, rangeId, method, path, userAgent, fingerprint } =
    facts;
  return {
    ...{ kind: 'call', id, accountId: policy.id, keyId, ip, verdict, reason, wouldBe, rangeId },
    ...{ method, path, userAgent, fingerprint, at },
  };
}
