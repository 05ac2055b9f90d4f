import { z } from 'zod';
import { operationSchema, type Operation } from '#shared/api/routes-operations';
import { isUndecided, policyEntitySchema, type PolicyEntity, undecidedSchema } from '#shared/domain/outbox';
import type { Range, Review } from '#shared/domain/entities';

export const queuedStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pending') }),
  /** Sent, without an answer yet. It is pending again after a restart, because the service remembers the ids. */
  z.object({ kind: z.literal('inflight') }),
  undecidedSchema,
  /** Acknowledged by the service, and kept until the mirror shows the effect. */
  z.object({ kind: z.literal('done'), entity: policyEntitySchema.nullable() }),
]);
export type QueuedState = z.infer<typeof queuedStateSchema>;

/** One operation of this console with its state. */
export const queuedOperationSchema = z.object({
  /** Its `authorId` is the user who was signed in when it was made; older versions of this program did not store it. */
  operation: operationSchema,
  authorEmail: z.string().nullable().default(null),
  /** The order in the queue. Replacements of an operation get fractions between two whole numbers. */
  position: z.number(),
  /** Milliseconds since the epoch by this computer's clock, when a person made it. */
  createdAt: z.number(),
  /** Milliseconds since the epoch by this computer's clock, when a person last confirmed it. */
  confirmedAt: z.number().nullable(),
  /** The entity as its author saw it, which is the common base of a conflict; null if the operation makes a new one. */
  base: policyEntitySchema.nullable(),
  /** The number of times it was sent. At zero the service cannot have it. */
  attempts: z.int().nonnegative(),
  lastError: z.string().nullable(),
  state: queuedStateSchema,
});
export type QueuedOperation = z.infer<typeof queuedOperationSchema>;

export type NewOperation = Pick<QueuedOperation, 'operation' | 'base'>;
export type SignedOperation = Pick<QueuedOperation, 'operation' | 'base' | 'authorEmail'>;

/** Returns true if the service cannot have seen it, so that it may be changed, merged or taken back without a trace. */
export function isUnsent({ attempts, state }: QueuedOperation): boolean {
  return attempts === 0 && state.kind === 'pending';
}

/** Returns true if its effect is part of what is shown. An undecided one will not happen by itself. */
export function isShown({ state }: QueuedOperation): boolean {
  return !isUndecided(state);
}

/** Returns true if it still has to reach the service. */
export function isWaiting({ state }: QueuedOperation): boolean {
  return state.kind === 'pending' || state.kind === 'inflight';
}

export function isRange(entity: PolicyEntity | null): entity is Range {
  return entity !== null && 'cidr' in entity;
}

export function isReview(entity: PolicyEntity | null): entity is Review {
  return entity !== null && 'evidence' in entity;
}

/** Returns true if it answers a review. */
export function isAnswer(
  operation: Operation,
): operation is Extract<Operation, { type: 'review.authorize' | 'review.deny' }> {
  return operation.type === 'review.authorize' || operation.type === 'review.deny';
}

/** The one entity that an operation is about. Operations on it merge, and hold each other up. */
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

export function reviewSubject(reviewId: string): string {
  return `review ${reviewId}`;
}

/**
 * The keys by which an operation is ordered: its subject, and for a range also the network, because an account never has the same
 * range twice (docs/behaviour.md 1.2.3).
 */
export function orderKeysOf({
  operation,
  base,
}: Pick<QueuedOperation, 'operation' | 'base'>): readonly string[] {
  const subject = subjectOf(operation);
  if (operation.type === 'range.add') return [subject, `network ${operation.cidr}`];
  return isRange(base) ? [subject, `network ${base.cidr}`] : [subject];
}
