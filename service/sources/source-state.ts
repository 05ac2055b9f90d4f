import { z } from 'zod';

/** The facts of earlier refreshes that the next one needs. */
const sourceStateSchema = z.object({
  /** The server's names of the lists that were taken last, by address. */
  validators: z
    .record(z.string(), z.object({ etag: z.string().optional(), lastModified: z.string().optional() }))
    .default({}),
  /** The last time that a name had each address, in milliseconds since the epoch. */
  seenAt: z.record(z.string(), z.number()).default({}),
  /** Failures since the last answer that was taken. */
  failures: z.int().default(0),
  /** True if a person wants the next answer, however small it is. */
  takesSmaller: z.boolean().default(false),
});
export type SourceState = z.infer<typeof sourceStateSchema>;

export function stateOf(text: string): SourceState {
  return sourceStateSchema.parse(JSON.parse(text));
}

export const FRESH_STATE: SourceState = sourceStateSchema.parse({});
