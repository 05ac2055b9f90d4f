import { z } from 'zod';
import { operationSchema, type Operation } from '#shared/api/routes-operations';
import { waitReasonSchema, policyEntitySchema, type PolicyEntity } from '#shared/domain/outbox';
import type { Range, Review } from '#shared/domain/entities';

export const queuedStateSchema = z.discriminatedUnion('kind', [
  /** Waits to be sent. */
  z.object({ kind: z.literal('pending') }),
  /** Sent, without an answer yet. After a restart it is pending again: the service remembers the ids. */
  z.object({ kind: z.literal('inflight') }),
  /** A person has to say how it goes on. */
  z.object({
    kind: z.literal('parked'),
    reason: waitReasonSchema,
    code: z.string(),
    detail: z.string(),
    /** The entity as it stands with the service; null when it is gone, or nobody else has touched it. */
    current: policyEntitySchema.nullable(),
  }),
  /** The service has it; kept until the mirror has it too. */
  z.object({ kind: z.literal('done'), entity: policyEntitySchema.nullable() }),
]);
export type QueuedState = z.infer<typeof queuedStateSchema>;
export type Parked = Extract<QueuedState, { kind: 'parked' }>;

/** One edit of this console with what has become of it so far. */
export const queuedOperationSchema = z.object({
  /** Its `authorId` is the user who was signed in when it was made; absent in what older versions of this program kept. */
  operation: operationSchema,
  /** That user's e-mail address. */
  authorEmail: z.string().nullable().default(null),
  /** Its place in the queue. What takes the place of a parked edit comes between two whole numbers. */
  position: z.number(),
  /** When a person made it, by this computer's clock, in milliseconds since the epoch. */
  createdAt: z.number(),
  /** When a person last said again that it is meant, likewise. */
  confirmedAt: z.number().nullable(),
  /** The entity as its author saw it: the common base of a conflict. Null where it makes something new. */
  base: policyEntitySchema.nullable(),
  /** How often it was sent. Zero: the service cannot have it. */
  attempts: z.int().nonnegative(),
  lastError: z.string().nullable(),
  state: queuedStateSchema,
});
export type QueuedOperation = z.infer<typeof queuedOperationSchema>;

/** An edit before it is in the queue, which says who made it. */
export type NewOperation = Pick<QueuedOperation, 'operation' | 'base'>;
export type SignedOperation = Pick<QueuedOperation, 'operation' | 'base' | 'authorEmail'>;

/** Whether the service cannot have seen it, so that it may still be changed, merged or taken back without a trace. */
export const isUnsent = ({ attempts, state }: QueuedOperation): boolean =>
  attempts === 0 && state.kind === 'pending';

/** Whether what it does is part of what is shown. A parked one is not: it will not happen by itself. */
export const isShown = ({ state }: QueuedOperation): boolean => state.kind !== 'parked';

/** Whether it still has to reach the service. */
export const isWaiting = ({ state }: QueuedOperation): boolean =>
  state.kind === 'pending' || state.kind === 'inflight';

export const isRange = (entity: PolicyEntity | null): entity is Range => entity !== null && 'cidr' in entity;

export const isReview = (entity: PolicyEntity | null): entity is Review =>
  entity !== null && 'evidence' in entity;

/** Whether it answers a question. */
export const isAnswer = (
  operation: Operation,
): operation is Extract<Operation, { type: 'review.authorize' | 'review.deny' }> =>
  operation.type === 'review.authorize' || operation.type === 'review.deny';

/** The one entity that an operation is about: what merges, and what one parked operation holds up. */
export function subjectOf(operation: Operation): string {
  switch (operation.type) {
    case 'range.add':
      return `range ${operation.rangeId ?? operation.id}`;
    case 'range.update':
    case 'range.remove':
      return `range ${operation.rangeId}`;
    case 'review.authorize':
    case 'review.deny':
    case 'review.reopen':
      return reviewSubject(operation.reviewId);
    case 'mode.set':
      return 'account';
  }
}

export const reviewSubject = (reviewId: string): string => `review ${reviewId}`;

/**
 * Everything whose order an edit depends on: its subject, and for a range the network it is about, because an account
 * never has the same range twice.
 */
export function orderKeysOf({
  operation,
  base,
}: Pick<QueuedOperation, 'operation' | 'base'>): readonly string[] {
  const subject = subjectOf(operation);
  if (operation.type === 'range.add') return [subject, `network ${operation.cidr}`];
  return isRange(base) ? [subject, `network ${base.cidr}`] : [subject];
}
