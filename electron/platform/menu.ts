import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { Screen } from '#shared/ipc/app';
import { plainLine } from '#shared/domain/plain-text';
import { countOf } from '#shared/words';
import type { Accounts, NamedAccount } from '../core/accounts/accounts';
import type { Clock, WindowOpener } from '../core/ports';
import { Throttle } from '../core/throttle';
import { literal } from './menu-label';
import type { WindowRegistry } from './windows/window-registry';

const LONGEST_NAME = 60;

/** The console's navigation has the same order; the position is the shortcut. */
const SCREENS: readonly (readonly [screen: Screen, label: string])[] = [
  ['pending', 'Pending'],
  ['log', 'Log'],
  ['ranges', 'Authorized IPs'],
  ['protection', 'Protection'],
  ['keys', 'API keys'],
  ['activity', 'Activity'],
  ['settings', 'Settings'],
];

/** Accounts after this one have no shortcut. */
const LAST_KEY = 9;

/** A storm of reviews must not keep the desktop busy with menus. */
const RENDER_INTERVAL_MS = 1_000;

export interface MenuParts {
  readonly windows: WindowOpener;
  readonly accounts: Pick<Accounts, 'named' | 'show' | 'shown' | 'subscribe'>;
  readonly registry: Pick<WindowRegistry, 'find'>;
  readonly clock: Clock;
  readonly platform: NodeJS.Platform;
}

/** Sets the menu of the app, and again when the accounts or their counts change. Returns the function that ends this. */
export function setUpMenu({ windows, accounts, registry, clock, platform }: MenuParts): () => void {
  const screens: MenuItemConstructorOptions[] = SCREENS.map(([screen, label], index) => ({
    label,
    accelerator: `CmdOrCtrl+${index + 1}`,
    click: () => windows.openConsole(screen),
  }));
  const view: MenuItemConstructorOptions[] = [
    ...screens,
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' as const }]),
  ];
  const accountItem = (account: NamedAccount, index: number): MenuItemConstructorOptions => ({
    label: literal(accountLabel(account)),
    type: 'radio',
    checked: account.id === accounts.shown.id,
    ...(index < LAST_KEY && { accelerator: `CmdOrCtrl+Alt+${index + 1}` }),
    click() {
      accounts.show(account.id);
      windows.openConsole();
    },
  });

  const add: MenuItemConstructorOptions = {
    label: 'Add an account…',
    click: () => windows.openConsole('add-account'),
  };

  let rendered: string | undefined;
  let isOpen = false;
  const render = (): void => {
    const named = accounts.named();
    const text = JSON.stringify([named, accounts.shown.id]);
    // An open menu must not change under the pointer.
    if (text === rendered || isOpen) return;
    rendered = text;
    const divider: readonly MenuItemConstructorOptions[] = named.length === 0 ? [] : [{ type: 'separator' }];
    const menu = Menu.buildFromTemplate([
      platform === 'darwin' ? { role: 'appMenu' } : { label: 'File', submenu: [{ role: 'quit' }] },
      { role: 'editMenu' },
      { label: 'View', submenu: view },
      { label: 'Accounts', submenu: [...named.map(accountItem), ...divider, add] },
      { role: 'windowMenu' },
    ]);
    for (const { submenu } of menu.items) {
      submenu?.on('menu-will-show', () => (isOpen = true));
      submenu?.on('menu-will-close', () => {
        isOpen = false;
        // The choice that closed the menu arrives after this event.
        setImmediate(render);
      });
    }
    Menu.setApplicationMenu(menu);
    // Electron has given the menu to all windows.
    registry.find('approval')?.removeMenu();
  };
  const throttle = new Throttle(render, RENDER_INTERVAL_MS, clock);
  throttle.ask();
  const unsubscribe = accounts.subscribe(() => throttle.ask());
  return () => {
    unsubscribe();
    throttle.stop();
  };
}

function accountLabel({ name, openReviews }: NamedAccount): string {
  const count = openReviews === 0 ? '' : ` (${countOf(openReviews, 'open review')})`;
  return `${plainLine(name, LONGEST_NAME)}${count}`;
}
