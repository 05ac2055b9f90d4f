import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { Screen } from '#shared/ipc/app';
import type { WindowOpener } from '../core/ports';

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

export function setUpMenu(windows: WindowOpener, platform: NodeJS.Platform): void {
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
  const template: MenuItemConstructorOptions[] = [
    platform === 'darwin' ? { role: 'appMenu' } : { label: 'File', submenu: [{ role: 'quit' }] },
    { role: 'editMenu' },
    { label: 'View', submenu: view },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
