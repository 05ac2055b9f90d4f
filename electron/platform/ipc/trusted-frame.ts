import { isAppUrl } from '../app-protocol/app-origin';

/** The properties of a frame that the check needs. */
export interface Frame {
  readonly url: string;
  readonly parent: unknown;
}

/**
 * Returns the reason for refusing a message from this frame, or undefined if it comes from the main frame of a window that this
 * app opened, showing a page of this app.
 */
export function refusalOf(isOwnWindow: boolean, frame: Frame | null): string | undefined {
  if (!isOwnWindow) return 'not a window of this app';
  if (frame === null) return 'the frame is gone';
  if (frame.parent !== null) return 'not the main frame';
  if (!isAppUrl(frame.url)) return 'not a page of this app';
  return undefined;
}
