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

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface WindowSizes {
  /** Used if there is room. */
  readonly usual: Size;
  readonly smallest: Size;
}

export const CONSOLE_SIZES: WindowSizes = {
  usual: { width: 1240, height: 820 },
  smallest: { width: 800, height: 540 },
};
export const APPROVAL_SIZES: WindowSizes = {
  usual: { width: 460, height: 640 },
  smallest: { width: 360, height: 360 },
};

/** Room for title bar and borders, which are not part of the size on every system. */
const FRAME: Size = { width: 10, height: 44 };

interface WindowBounds extends Area {
  readonly minWidth: number;
  readonly minHeight: number;
}

/**
 * Returns a window's bounds and its smallest size: as saved, on the screen that held most of it, or in its usual size in
 * the middle of the first screen, and always whole on that screen. Screens come and go between two starts.
 * @param areas the work area of each screen, the first one first.
 */
export function placeWindow(
  { usual, smallest }: WindowSizes,
  saved: Area | null,
  areas: readonly [Area, ...Area[]],
): WindowBounds {
  const area = saved === null ? areas[0] : mostOf(saved, areas);
  const room = { width: area.width - FRAME.width, height: area.height - FRAME.height };
  const [minWidth, minHeight] = [
    Math.min(smallest.width, room.width),
    Math.min(smallest.height, room.height),
  ];
  const width = between(minWidth, saved?.width ?? usual.width, room.width);
  const height = between(minHeight, saved?.height ?? usual.height, room.height);
  const [lastX, lastY] = [area.x + room.width - width, area.y + room.height - height];
  return {
    x: between(area.x, saved?.x ?? Math.round((area.x + lastX) / 2), lastX),
    y: between(area.y, saved?.y ?? Math.round((area.y + lastY) / 2), lastY),
    width,
    height,
    minWidth,
    minHeight,
  };
}

function between(low: number, value: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}

/** Returns the area that holds most of the window, or the first one if none does. */
function mostOf(window: Area, areas: readonly [Area, ...Area[]]): Area {
  let most = areas[0];
  for (const area of areas) if (sharedWith(window, area) > sharedWith(window, most)) most = area;
  return most;
}

function sharedWith(a: Area, b: Area): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}
