import { z } from 'zod';
import { effectSchema, idSchema, timeSchema } from './entities';
import { sentencesSchema } from './sentence';
import { sourceKindSchema } from './source-spec';
import { told } from './told';

export const sourceStatusSchema = z.enum(['ok', 'failing', 'shrunk', 'paused']);
export type SourceStatus = z.infer<typeof sourceStatusSchema>;

/** The number of added and of dropped ranges that a source's last change names. */
export const MAX_CHANGE_EXAMPLES = 5;

/** Kinds of sources, which keep ranges in the list (docs/behaviour.md 1.14). */
export const sourceSchema = z
  .object({
    id: idSchema,
    kind: told(sourceKindSchema),
    /** The subject that it reads, by kind; `subjectOf` of `source-spec.ts` gives it its type. */
    spec: z.record(z.string(), z.unknown()),
    effect: told(effectSchema),
    /** The one key for which its ranges hold; null for all keys. */
    keyId: idSchema.nullable(),
    label: z.string(),
    intervalSeconds: z.int().positive(),
    /** From this second on its ranges are not matched, and it is not read any more. */
    rangeExpiresAt: timeSchema.nullable(),
    /** True if a person has confirmed that it may yield very wide ranges. */
    allowWide: z.boolean(),
    /** An answer with a smaller share of the last ranges is not taken by itself. */
    minSharePercent: z.int().min(0).max(100),
    status: told(sourceStatusSchema),
    lastTriedAt: timeSchema.nullable(),
    /** The last time that an answer was taken, changed or not. */
    lastOkAt: timeSchema.nullable(),
    /** Why the last answer was not taken, as a sentence in English. */
    lastError: z.string().nullable(),
    lastErrorWords: sentencesSchema,
    /** `too_wide` if the answer holds a range that has to be allowed; null for other reasons. */
    lastErrorCode: z.string().nullable(),
    rangeCount: z.int().nonnegative(),
    /** The ranges that the last answer that differed added and dropped. */
    lastChange: z
      .object({
        at: timeSchema,
        added: z.int().nonnegative(),
        dropped: z.int().nonnegative(),
        addedExamples: z.array(z.string()),
        droppedExamples: z.array(z.string()),
      })
      .nullable(),
    /** The time of the next refresh; null while it is paused, removed or over. */
    nextAt: timeSchema.nullable(),
    createdAt: timeSchema,
    createdBy: z.string(),
    /** Grows with each edit. Refreshes leave it. */
    version: z.int().positive(),
  })
  .meta({ id: 'Source' });
export type Source = z.infer<typeof sourceSchema>;
