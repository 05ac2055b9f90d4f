import { z } from 'zod';
import {
  accountSchema,
  idSchema,
  keySchema,
  rangeSchema,
  reviewSchema,
  timeSchema,
} from '../domain/entities';
import { sourceSchema } from '../domain/source';
import { connectionIdSchema } from './accounts';
import { call, type CallGroup, type EventGroup, nothing } from './call';
import { connectionSchema } from './connection';
import { syncStatusSchema } from './outbox';

/**
 * The replica of main's state that a window keeps. Versions grow by one with each patch; a gap means that a patch was missed, and
 * the window asks for a snapshot again.
 */
export const mirrorSnapshotSchema = z.object({
  version: z.int(),
  /** The connection whose account this is. */
  shownId: connectionIdSchema,
  connection: connectionSchema,
  /** The last moment at which the mirror was known to equal the service, or null before the first time. */
  lastSyncAt: timeSchema.nullable(),
  sync: syncStatusSchema,
  /** Milliseconds by which the service's clock is ahead of this computer's, if known. Times of the account are the service's. */
  clockOffsetMs: z.number(),
  /** This field and those below it are the service's state with the queued operations applied. */
  account: accountSchema.nullable(),
  ranges: z.array(rangeSchema),
  /** All pending reviews, and the newest answered ones. */
  reviews: z.array(reviewSchema),
  keys: z.array(keySchema),
  sources: z.array(sourceSchema),
});
export type MirrorSnapshot = z.infer<typeof mirrorSnapshotSchema>;

function entityPatch<T extends z.ZodType>(entity: T) {
  return z.object({ upserted: z.array(entity), removed: z.array(idSchema) });
}

export const mirrorPatchSchema = z.object({
  version: z.int(),
  connection: connectionSchema.optional(),
  lastSyncAt: timeSchema.nullable().optional(),
  sync: syncStatusSchema.optional(),
  clockOffsetMs: z.number().optional(),
  account: accountSchema.nullable().optional(),
  ranges: entityPatch(rangeSchema).optional(),
  reviews: entityPatch(reviewSchema).optional(),
  keys: entityPatch(keySchema).optional(),
  sources: entityPatch(sourceSchema).optional(),
});
export type MirrorPatch = z.infer<typeof mirrorPatchSchema>;

export const mirrorCalls = { snapshot: call(nothing, mirrorSnapshotSchema) } as const satisfies CallGroup;

export const mirrorEvents = { patch: mirrorPatchSchema } as const satisfies EventGroup;
