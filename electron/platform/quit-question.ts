import { BrowserWindow, dialog, type MessageBoxOptions } from 'electron';
import { t } from '#shared/i18n/t';

export type QuitAnswer = 'keep' | 'quit' | 'cancel';

const LABELS = { keep: 'menu.keepInTray', quit: 'menu.quitAnyway', cancel: 'words.cancel' } as const;

/** Asks whether Gatehouse may end although a service runs in it. Offers the tray where there is one. */
export async function askBeforeQuit(hasTray: boolean): Promise<QuitAnswer> {
  const answers: readonly QuitAnswer[] = hasTray ? ['keep', 'quit', 'cancel'] : ['quit', 'cancel'];
  const cancelId = answers.indexOf('cancel');
  const options: MessageBoxOptions = {
    type: 'warning',
    title: 'Gatehouse',
    message: t('menu.enforcementStops'),
    detail: t('menu.enforcementStopsWhy'),
    buttons: answers.map((answer) => t(LABELS[answer])),
    // A stray key press must not end the app.
    defaultId: hasTray ? 0 : cancelId,
    cancelId,
    noLink: true,
  };
  const parent = BrowserWindow.getFocusedWindow();
  const { response } = await (parent === null
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(parent, options));
  return answers[response] ?? 'cancel';
}
