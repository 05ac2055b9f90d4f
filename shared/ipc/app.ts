import { z } from 'zod';
import { idSchema } from '../domain/entities';
import { connectionIdSchema } from './accounts';
import { SCREENS } from './screens';
import { call, type CallGroup, type EventGroup, nothing } from './call';

export const screenSchema = z.enum(SCREENS);

/** Where the console's window can be led: a screen, a tab of one, where another account is connected, or the search over everything. */
export const placeSchema = z.union([screenSchema, z.literal(['sources', 'add-account', 'search'])]);
export type Place = z.infer<typeof placeSchema>;

/** A message that stays in the window until it is dismissed, e.g. "the local store was damaged and set aside". */
export const noticeSchema = z.object({
  id: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  title: z.string(),
  message: z.string(),
  /** An action that the message offers. */
  action: z.enum(['keep_token', 'add_to_menu']).optional(),
});
export type Notice = z.infer<typeof noticeSchema>;

export const bootstrapSchema = z.object({
  appVersion: z.string(),
  platform: z.string(),
  electronVersion: z.string(),
  /** The version of a stand-in runtime that is only for trying out; null for the real one. */
  trialRuntime: z.string().nullable(),
  /** False if there is no key store, so that tokens last for this session only. */
  keepsTokens: z.boolean(),
  notices: z.array(noticeSchema),
});
export type Bootstrap = z.infer<typeof bootstrapSchema>;

export const appCalls = {
  bootstrap: call(nothing, bootstrapSchema),
  copyText: call(z.strictObject({ text: z.string().max(10_000) }), nothing),
  dismissNotice: call(z.strictObject({ id: z.string().max(100) }), nothing),
  /** Brings the console's main window to the front on this screen. */
  showScreen: call(z.strictObject({ screen: screenSchema }), nothing),
  /** Closes the window that sends the call. */
  closeWindow: call(nothing, nothing),
  /** Opens the approval window, as a click on a notification does. */
  openApproval: call(z.strictObject({ reviewId: idSchema }), nothing),
} as const satisfies CallGroup;

export const appEvents = {
  notices: z.array(noticeSchema),
  /** Main leads the console window there. */
  navigate: z.object({ place: placeSchema }),
  /** Main asks the approval window to show a review, of this account if it is known of which. */
  showReview: z.object({ reviewId: idSchema, accountId: connectionIdSchema.optional() }),
} as const satisfies EventGroup;
