import type { MenuItemConstructorOptions } from 'electron';
import type { TrayChoice, TrayItem } from '../../core/tray/model';

export function menuTemplate(
  items: readonly TrayItem[],
  choose: (choice: TrayChoice) => void,
): MenuItemConstructorOptions[] {
  return items.map((item) => lineOf(item, choose));
}

function lineOf(item: TrayItem, choose: (choice: TrayChoice) => void): MenuItemConstructorOptions {
  const { id } = item;
  switch (item.kind) {
    case 'separator':
      return { id, type: 'separator' };
    case 'text':
      return { id, label: literal(item.label), enabled: false };
    case 'choice':
      return { id, label: literal(item.label), click: () => choose(item.choice) };
    case 'submenu':
      return { id, label: literal(item.label), submenu: menuTemplate(item.items, choose) };
  }
}

/** On every platform a single `&` marks the next letter as the line's access key. */
function literal(label: string): string {
  return label.replaceAll('&', '&&');
}
