import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { TrayChoice, TrayIcon, TrayImage, TrayItem } from '#electron/core/tray/model';
import { TrayView } from '#electron/platform/tray/tray-view';

/** Electron's Tray and Menu as far as they are used here; menus tell that they open and close on macOS and Windows only. */
const fake = vi.hoisted(() => {
  interface Line {
    readonly label?: string;
    readonly enabled?: boolean;
    readonly click?: () => void;
    readonly submenu?: readonly Line[];
  }
  class FakeMenu {
    readonly listeners = new Map<string, () => void>();
    constructor(readonly lines: readonly Line[]) {}
    static buildFromTemplate = (lines: readonly Line[]): FakeMenu => new FakeMenu(lines);
    on(event: string, listener: () => void): void {
      this.listeners.set(event, listener);
    }
    happens(event: string): void {
      this.listeners.get(event)?.();
    }
  }
  class FakeTray {
    static readonly all: FakeTray[] = [];
    readonly calls: string[] = [];
    readonly listeners = new Map<string, () => void>();
    menu: FakeMenu = new FakeMenu([]);
    isDestroyed = false;
    constructor(readonly firstImage: string) {
      FakeTray.all.push(this);
    }
    setImage = (image: string): void => void this.calls.push(`image ${image}`);
    setToolTip = (text: string): void => void this.calls.push(`tooltip ${text}`);
    setContextMenu(menu: FakeMenu): void {
      this.menu = menu;
      this.calls.push(`menu ${menu.lines.map(({ label }) => label).join()}`);
    }
    on(event: string, listener: () => void): void {
      this.listeners.set(event, listener);
    }
    destroy(): void {
      this.isDestroyed = true;
    }
  }
  return { Menu: FakeMenu, Tray: FakeTray, nativeImage: { createFromPath: (path: string) => path } };
});
vi.mock('electron', () => fake);

const IMAGES = join(import.meta.dirname, '../../../resources/tray');

const line = (label: string, choice: TrayChoice = { do: 'quit' }): TrayItem => ({
  kind: 'choice',
  id: label,
  label,
  choice,
});
const icon = (changes: Partial<TrayIcon> = {}): TrayIcon => ({
  image: 'normal',
  tooltip: 'All is well',
  menu: [line('Quit')],
  ...changes,
});
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let chosen: TrayChoice[];
const start = (platform: NodeJS.Platform): TrayView =>
  new TrayView({ platform, images: '/images', choose: (choice) => chosen.push(choice) });
const tray = () => {
  const last = fake.Tray.all.at(-1);
  if (last === undefined) throw new Error('There is no tray.');
  return last;
};

beforeEach(() => {
  chosen = [];
  fake.Tray.all.length = 0;
});

describe('the icon in the tray', () => {
  it.each([
    ['linux', '/images/linux-normal.png'],
    ['win32', '/images/windows-normal.png'],
    ['darwin', '/images/mac-normal-Template.png'],
  ] as const)('has on %s the picture for it', (platform, path) => {
    start(platform).render(icon());
    expect(tray().firstImage).toBe(path);
  });

  it.each(['linux', 'win32', 'darwin'] as const)(
    'has a picture on %s for each state, also for fine screens',
    (platform) => {
      const images: readonly TrayImage[] = ['unprotected', 'offline', 'asking', 'normal'];
      const paths = images.map((image) => {
        new TrayView({ platform, images: IMAGES, choose: () => undefined }).render(icon({ image }));
        return tray().firstImage;
      });
      expect(new Set(paths).size).toBe(images.length);
      const needed = paths.flatMap((path) => [path, path.replace('.png', '@2x.png')]);
      expect(needed.filter((path) => !existsSync(path))).toEqual([]);
    },
  );

  it('is there once, and touched only where something has changed', () => {
    const view = start('linux');
    view.render(icon());
    expect(tray().calls).toEqual(['tooltip All is well', 'menu Quit']);
    view.render(icon());
    expect(tray().calls).toHaveLength(2);
    view.render(icon({ image: 'asking' }));
    view.render(icon({ image: 'asking', tooltip: 'One review' }));
    view.render(icon({ image: 'asking', tooltip: 'One review', menu: [line('Open'), line('Quit')] }));
    expect(tray().calls.slice(2)).toEqual([
      'image /images/linux-asking.png',
      'tooltip One review',
      'menu Open,Quit',
    ]);
    expect(fake.Tray.all).toHaveLength(1);
  });

  it('goes when the desktop’s tray goes, and comes back complete', () => {
    const view = start('linux');
    view.render(icon());
    view.render(null);
    expect(tray().isDestroyed).toBe(true);
    view.render(null);
    view.render(icon());
    expect(fake.Tray.all).toHaveLength(2);
    expect(tray().calls).toEqual(['tooltip All is well', 'menu Quit']);
  });

  it('opens the console at a click, but on macOS, where the click opens the menu', () => {
    start('linux').render(icon());
    tray().listeners.get('click')?.();
    expect(chosen).toEqual([{ do: 'open-console' }]);
    start('darwin').render(icon());
    expect(tray().listeners.has('click')).toBe(false);
  });
});

describe('the menu in the tray', () => {
  it('says what was chosen, also in a submenu', () => {
    const answer: TrayChoice = { do: 'authorize', account: 'a1', seconds: 3_600, reviewId: 'r1' };
    const menu: TrayItem[] = [
      { kind: 'text', id: 't', label: 'Only to read' },
      { kind: 'separator', id: 's' },
      { kind: 'submenu', id: 'q', label: '203.0.113.9', items: [line('Authorize', answer)] },
    ];
    start('linux').render(icon({ menu }));
    const { lines } = tray().menu;
    expect(lines.map(({ label, enabled }) => [label, enabled])).toEqual([
      ['Only to read', false],
      [undefined, undefined],
      ['203.0.113.9', undefined],
    ]);
    lines[2]?.submenu?.[0]?.click?.();
    expect(chosen).toEqual([answer]);
  });

  it('shows an “&” in a name as it is', () => {
    start('linux').render(icon({ menu: [line('203.0.113.9 · Research & Development')] }));
    expect(tray().menu.lines[0]?.label).toBe('203.0.113.9 · Research && Development');
  });

  it('stays as it is while it is open, and is up to date after it', async () => {
    const view = start('win32');
    view.render(icon());
    const opened = tray().menu;
    opened.happens('menu-will-show');
    view.render(icon({ menu: [line('First'), line('Quit')] }));
    view.render(icon({ menu: [line('Second'), line('Quit')], tooltip: 'Two reviews' }));
    expect(tray().menu).toBe(opened);
    expect(tray().calls).toContain('tooltip Two reviews');
    opened.happens('menu-will-close');
    // A choice is told after the menu was closed.
    expect(tray().menu).toBe(opened);
    await soon();
    expect(tray().menu.lines[0]?.label).toBe('Second');
  });

  it('that was open when the tray went does not come back to it', async () => {
    const view = start('win32');
    view.render(icon());
    const opened = tray().menu;
    opened.happens('menu-will-show');
    view.render(icon({ menu: [line('Late')] }));
    view.render(null);
    opened.happens('menu-will-close');
    await soon();
    view.render(icon());
    expect(tray().menu.lines[0]?.label).toBe('Quit');
  });
});
