import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { SCREENS } from '#shared/ipc/screens';
import { plainLine } from '#shared/domain/plain-text';
import { language, onLanguage } from '#shared/i18n/language';
import { t, type TextKey } from '#shared/i18n/t';
import type { Accounts, NamedAccount } from '../core/accounts/accounts';
import type { Clock, WindowOpener } from '../core/ports';
import { Throttle } from '../core/throttle';
import { literal } from './menu-label';
import type { WindowRegistry } from './windows/window-registry';

const LONGEST_NAME = 60;

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

/** Sets the menu of the app, and again when the accounts, their counts or the language change. Returns the function that ends this. */
export function setUpMenu({ windows, accounts, registry, clock, platform }: MenuParts): () => void {
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

  let rendered: string | undefined;
  let isOpen = false;
  const render = (): void => {
    const named = accounts.named();
    const text = JSON.stringify([named, accounts.shown.id, language()]);
    // An open menu must not change under the pointer.
    if (text === rendered || isOpen) return;
    rendered = text;
    const add = { label: t('frame.addAccount'), click: () => windows.openConsole('add-account') };
    const divider: readonly MenuItemConstructorOptions[] = named.length === 0 ? [] : [{ type: 'separator' }];
    const menu = Menu.buildFromTemplate([
      platform === 'darwin' ? { role: 'appMenu' } : { label: t('menu.file'), submenu: [item('quit')] },
      editMenu(platform),
      { label: t('menu.view'), submenu: viewItems(windows) },
      { label: t('frame.accounts'), submenu: [...named.map(accountItem), ...divider, add] },
      windowMenu(platform),
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
  const ends = [accounts.subscribe(() => throttle.ask()), onLanguage(() => throttle.ask())];
  return () => {
    for (const end of ends) end();
    throttle.stop();
  };
}

function accountLabel({ name, openReviews }: NamedAccount): string {
  const count = openReviews === 0 ? '' : ` (${t('words.openReviews', { count: openReviews })})`;
  return `${plainLine(name, LONGEST_NAME)}${count}`;
}

/** macOS adds entries of its own to these two, in its language. */
function editMenu(platform: NodeJS.Platform): MenuItemConstructorOptions {
  if (platform === 'darwin') return { role: 'editMenu', label: t('menu.edit') };
  return {
    label: t('menu.edit'),
    submenu: [
      ...(['undo', 'redo'] as const).map(item),
      { type: 'separator' },
      ...(['cut', 'copy', 'paste', 'delete'] as const).map(item),
      { type: 'separator' },
      item('selectAll'),
    ],
  };
}

function windowMenu(platform: NodeJS.Platform): MenuItemConstructorOptions {
  const menu = { role: 'windowMenu', label: t('menu.window') } as const;
  return platform === 'darwin' ? menu : { ...menu, submenu: [item('minimize'), item('close')] };
}

function viewItems(windows: WindowOpener): MenuItemConstructorOptions[] {
  return [
    { label: t('palette.open'), accelerator: 'CmdOrCtrl+K', click: () => windows.openConsole('search') },
    { type: 'separator' },
    ...SCREENS.map((screen, index) => ({
      label: t(`frame.screen_${screen}`),
      accelerator: `CmdOrCtrl+${index + 1}`,
      click: () => windows.openConsole(screen),
    })),
    { type: 'separator' },
    ...(['resetZoom', 'zoomIn', 'zoomOut'] as const).map(item),
    { type: 'separator' },
    item('togglefullscreen'),
    ...(app.isPackaged ? [] : [item('toggleDevTools')]),
  ];
}

type Role = Extract<TextKey, `menu.role_${string}`> extends `menu.role_${infer Name}` ? Name : never;

/** Electron's own labels are English. */
function item(role: Role): MenuItemConstructorOptions {
  return { role, label: t(`menu.role_${role}`) };
}
