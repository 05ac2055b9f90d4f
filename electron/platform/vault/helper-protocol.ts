import { z } from 'zod';

/** What the console and the helper that holds its key store say to each other, a line of JSON each. */

export const questionSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('encrypt'), secret: z.string() }),
  /** The blob in base64. */
  z.strictObject({ do: z.literal('decrypt'), blob: z.string() }),
]);
export type HelperQuestion = z.infer<typeof questionSchema>;

export const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('encrypted'), blob: z.string() }),
  z.strictObject({ kind: z.literal('decrypted'), secret: z.string() }),
  z.strictObject({ kind: z.literal('locked') }),
  z.strictObject({ kind: z.literal('lost') }),
]);
export type HelperAnswer = z.infer<typeof answerSchema>;
