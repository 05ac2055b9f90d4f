import { BrowserWindow, dialog, type MessageBoxOptions } from 'electron';

export type QuitAnswer = 'keep' | 'quit' | 'cancel';

const LABELS: Readonly<Record<QuitAnswer, string>> = {
  keep: 'Keep running in the tray',
  quit: 'Quit anyway',
  cancel: 'Cancel',
};

/** Asks whether Gatehouse may end although a service runs in it. Offers the tray where there is one. */
export async function askBeforeQuit(hasTray: boolean): Promise<QuitAnswer> {
  const answers: readonly QuitAnswer[] = hasTray ? ['keep', 'quit', 'cancel'] : ['quit', 'cancel'];
  const cancelId = answers.indexOf('cancel');
  const options: MessageBoxOptions = {
    type: 'warning',
    title: 'Gatehouse',
    message: 'Enforcement on this computer stops with Gatehouse',
    detail:
      'The service that answers for your API runs in this app. When it has ended, a proxy gets no answer from it and lets no call through.',
    buttons: answers.map((answer) => LABELS[answer]),
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
