import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { t } from '#shared/i18n/t';
import type { MenuEntry } from '../../core/ports';
import { replaceFile } from '../../core/replace-file';
import { LINK_SCHEME } from '../deep-link';
import { execLine, type StartCommand } from './autostart-entry';
import { DESKTOP_FILE, startCommand, type ThisStart, USER_DATA_SWITCH, xdgFolder } from './login-item';

const ICON_NAME = 'gatehouse';
const SCHEME_TYPE = `x-scheme-handler/${LINK_SCHEME}`;
const DEFAULTS = '[Default Applications]';

/**
 * The entry in the person's menu on a freedesktop desktop. Desktops also take the icon of windows and notifications and the
 * handler of `gatehouse://` links from it. `icon` is a PNG of 256 pixels.
 */
export function createMenuEntry(start: ThisStart, icon: string): MenuEntry {
  if (start.platform !== 'linux') return unsupported;
  const data = xdgFolder(start.env['XDG_DATA_HOME'], '.local/share');
  const entry = join(data, 'applications', DESKTOP_FILE);
  const iconCopy = join(data, 'icons/hicolor/256x256/apps', `${ICON_NAME}.png`);
  const defaults = join(xdgFolder(start.env['XDG_CONFIG_HOME'], '.config'), 'mimeapps.list');
  return {
    isSupported: true,
    // A second console with its own folder is a trial or a test.
    isToBeOffered: !start.argv.some((argument) => argument.startsWith(USER_DATA_SWITCH)),
    isOn: () => existsSync(entry),
    set(on) {
      if (on) {
        mkdirSync(dirname(iconCopy), { recursive: true });
        copyFileSync(icon, iconCopy);
        mkdirSync(dirname(entry), { recursive: true });
        replaceFile(entry, menuEntry(startCommand(start, false)), 0o644);
      } else {
        rmSync(entry, { force: true });
        rmSync(iconCopy, { force: true });
      }
      const before = existsSync(defaults) ? readFileSync(defaults, 'utf8') : '';
      const after = withSchemeHandler(before, on);
      if (after === before) return;
      mkdirSync(dirname(defaults), { recursive: true, mode: 0o700 });
      replaceFile(defaults, after, 0o644);
    },
  };
}

const unsupported: MenuEntry = {
  isSupported: false,
  isToBeOffered: false,
  isOn: () => false,
  set() {
    throw new Error('Gatehouse puts itself into the menu of a Linux desktop only.');
  },
};

/** https://specifications.freedesktop.org/desktop-entry-spec/latest/ */
function menuEntry(command: StartCommand): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Gatehouse',
    `Comment=${t('start.inMenu')}`,
    `Exec=${execLine(command)} %u`,
    `Icon=${ICON_NAME}`,
    'Terminal=false',
    'Categories=Network;Security;',
    // Desktops match windows to this entry by it.
    'StartupWMClass=Gatehouse',
    `MimeType=${SCHEME_TYPE};`,
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Returns the person's list of handlers, with or without this app as the handler of its links; everything else is
 * unchanged.
 * https://specifications.freedesktop.org/mime-apps-spec/latest/
 */
export function withSchemeHandler(list: string, isOurs: boolean): string {
  const line = `${SCHEME_TYPE}=${DESKTOP_FILE}`;
  if (!isOurs) return list.replace(`${line}\n`, '');
  if (list.includes(`${line}\n`)) return list;
  if (list.includes(`${DEFAULTS}\n`)) return list.replace(`${DEFAULTS}\n`, `${DEFAULTS}\n${line}\n`);
  const gap = list === '' || list.endsWith('\n') ? '' : '\n';
  return `${list}${gap}${DEFAULTS}\n${line}\n`;
}
