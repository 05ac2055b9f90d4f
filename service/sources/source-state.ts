import { z } from 'zod';
import { sentencesSchema } from '#shared/domain/sentence';

/** The facts of earlier refreshes that the next one needs. */
const sourceStateSchema = z.object({
  /** The server's names of the lists that the ranges are of, by address. While ranges are being written there are none. */
  validators: z
    .record(z.string(), z.object({ etag: z.string().optional(), lastModified: z.string().optional() }))
    .default({}),
  /** The last time that a name had each address, in milliseconds since the epoch. */
  seenAt: z.record(z.string(), z.number()).default({}),
  /** Failures since the last answer that was taken. */
  failures: z.int().default(0),
  /** True if a person wants the next answer, however small it is. */
  takesSmaller: z.boolean().default(false),
  /** The last failure in words; its sentence is in the column `last_error`. */
  lastErrorWords: sentencesSchema,
});
export type SourceState = z.infer<typeof sourceStateSchema>;

export function stateOf(text: string): SourceState {
  return sourceStateSchema.parse(JSON.parse(text));
}

/** Has the lists read whole next time, whether or not they have changed. */
export function withoutValidators(text: string): string {
  return JSON.stringify({ ...stateOf(text), validators: {} } satisfies SourceState);
}

export const FRESH_STATE: SourceState = sourceStateSchema.parse({});
