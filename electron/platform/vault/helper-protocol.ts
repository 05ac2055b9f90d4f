import { z } from 'zod';

/** The protocol between the console and the helper that holds its key store: one line of JSON a message. */

export const requestSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('encrypt'), secret: z.string() }),
  /** Base64. */
  z.strictObject({ do: z.literal('decrypt'), blob: z.string() }),
]);
export type HelperRequest = z.infer<typeof requestSchema>;

export const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('encrypted'), blob: z.string() }),
  z.strictObject({ kind: z.literal('decrypted'), secret: z.string() }),
  z.strictObject({ kind: z.literal('locked') }),
  z.strictObject({ kind: z.literal('lost') }),
]);
export type HelperAnswer = z.infer<typeof answerSchema>;
