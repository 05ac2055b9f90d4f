import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { Screen } from '#shared/ipc/app';
import { plainLine } from '#shared/domain/plain-text';
import type { Accounts, NamedAccount } from '../core/accounts/accounts';
import type { WindowOpener } from '../core/ports';
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

export interface MenuParts {
  readonly windows: WindowOpener;
  readonly accounts: Pick<Accounts, 'named' | 'show' | 'shown' | 'subscribe'>;
  readonly registry: Pick<WindowRegistry, 'find'>;
  readonly platform: NodeJS.Platform;
}

/** Sets the menu of the app, and again when the accounts change that are in it. */
export function setUpMenu({ windows, accounts, registry, platform }: MenuParts): void {
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
  const accountItem = ({ id, name }: NamedAccount, index: number): MenuItemConstructorOptions => ({
    label: literal(plainLine(name, LONGEST_NAME)),
    type: 'radio',
    checked: id === accounts.shown.id,
    ...(index < LAST_KEY && { accelerator: `CmdOrCtrl+Alt+${index + 1}` }),
    click() {
      accounts.show(id);
      windows.openConsole();
    },
  });

  let rendered: string | undefined;
  const render = (): void => {
    const named = accounts.named();
    const text = JSON.stringify([named, accounts.shown.id]);
    if (text === rendered) return;
    rendered = text;
    const template: MenuItemConstructorOptions[] = [
      platform === 'darwin' ? { role: 'appMenu' } : { label: 'File', submenu: [{ role: 'quit' }] },
      { role: 'editMenu' },
      { label: 'View', submenu: view },
      ...(named.length > 0 ? [{ label: 'Accounts', submenu: named.map(accountItem) }] : []),
      { role: 'windowMenu' },
    ];
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
    // Electron has given the menu to all windows.
    registry.find('approval')?.removeMenu();
  };
  render();
  accounts.subscribe(render);
}
