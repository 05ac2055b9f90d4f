import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createBadge } from '#electron/platform/badge';

const fake = vi.hoisted(() => ({
  counts: [] as number[],
  listeners: [] as ((event: unknown, window: unknown) => void)[],
}));
vi.mock('electron', () => ({
  app: {
    setBadgeCount: (count: number) => fake.counts.push(count),
    on: (_name: string, listener: (event: unknown, window: unknown) => void) => fake.listeners.push(listener),
  },
  nativeImage: { createFromPath: (path: string) => path },
}));

const IMAGES = join(import.meta.dirname, '../../../resources/tray');

class FakeWindow extends EventEmitter {
  readonly overlays: (readonly [picture: string | null, words: string])[] = [];
  setOverlayIcon = (picture: string | null, words: string): void => void this.overlays.push([picture, words]);
  isDestroyed = (): boolean => false;
}

beforeEach(() => {
  fake.counts.length = 0;
  fake.listeners.length = 0;
});

describe('the number on the app’s icon', () => {
  it.each(['darwin', 'linux'] as const)('is one of the app on %s, told when it changes', (platform) => {
    const badge = createBadge({ platform, images: IMAGES, consoleWindow: () => undefined });
    for (const count of [0, 1, 1, 12, 0, 0]) badge.render(count);
    expect(fake.counts).toEqual([1, 12, 0]);
  });

  it('is a picture on the window’s button on Windows, up to nine', () => {
    const window = new FakeWindow();
    const badge = createBadge({ platform: 'win32', images: IMAGES, consoleWindow: () => window as never });
    for (const count of [1, 9, 10, 11, 0]) badge.render(count);
    expect(window.overlays).toEqual([
      [join(IMAGES, 'badge-1.png'), '1 pending review'],
      [join(IMAGES, 'badge-9.png'), '9 pending reviews'],
      [join(IMAGES, 'badge-more.png'), '10 pending reviews'],
      [join(IMAGES, 'badge-more.png'), '11 pending reviews'],
      [null, ''],
    ]);
    expect(window.overlays.every(([picture]) => picture === null || existsSync(picture))).toBe(true);
    expect(fake.counts).toEqual([]);
  });

  it('is on the button of a window that is opened later', () => {
    const windows: FakeWindow[] = [];
    const badge = createBadge({
      platform: 'win32',
      images: IMAGES,
      consoleWindow: () => windows[0] as never,
    });
    badge.render(3);
    const window = new FakeWindow();
    windows.push(window);
    for (const listener of fake.listeners) listener({}, window);
    window.emit('show');
    expect(window.overlays).toEqual([[join(IMAGES, 'badge-3.png'), '3 pending reviews']]);
  });
});
