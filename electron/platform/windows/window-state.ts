import { z } from 'zod';

export const windowStateSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int(),
  height: z.int(),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const CONSOLE_SIZE = { width: 1240, height: 820, minWidth: 900, minHeight: 600 } as const;

/** This much of the title bar has to be on a screen for the window to be caught with a mouse, in pixels. */
const GRIP = { width: 120, height: 40 };

/**
 * Where to open the console: where it was, if that is still on one of the screens; else in the usual size in the middle
 * (no position). Screens come and go between two starts.
 */
export function placeConsole(
  saved: WindowState | null,
  screens: readonly Area[],
): { readonly width: number; readonly height: number; readonly x?: number; readonly y?: number } {
  if (saved === null) return { width: CONSOLE_SIZE.width, height: CONSOLE_SIZE.height };
  const width = Math.max(saved.width, CONSOLE_SIZE.minWidth);
  const height = Math.max(saved.height, CONSOLE_SIZE.minHeight);
  const { x, y } = saved;
  const reachable = screens.some(
    (screen) =>
      Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x) >= GRIP.width &&
      y >= screen.y &&
      y + GRIP.height <= screen.y + screen.height,
  );
  return reachable ? { width, height, x, y } : { width, height };
}
