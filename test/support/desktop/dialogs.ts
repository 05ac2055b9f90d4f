import type { ElectronApplication } from 'playwright-core';

/** A question of the app in a native dialog. */
export interface AskedQuestion {
  readonly message: string;
  readonly buttons: readonly string[];
}

type Scope = typeof globalThis & { asked?: AskedQuestion[] };

/**
 * Answers the app's questions with the button of this label from now on, because native dialogs cannot be clicked from
 * here. A question without such a button stays open.
 */
export function answerDialogs(app: ElectronApplication, label: string): Promise<void> {
  return app.evaluate(({ dialog }, answer) => {
    const scope = globalThis as Scope;
    scope.asked ??= [];
    const { asked } = scope;
    dialog.showMessageBox = (...given: unknown[]) => {
      const { message, buttons = [] } = given.at(-1) as { message: string; buttons?: string[] };
      asked.push({ message, buttons });
      const response = buttons.indexOf(answer);
      return response === -1
        ? new Promise(() => undefined)
        : Promise.resolve({ response, checkboxChecked: false });
    };
  }, label);
}

/** Returns the app's questions since the first {@link answerDialogs}. */
export function askedQuestions(app: ElectronApplication): Promise<readonly AskedQuestion[]> {
  return app.evaluate(() => (globalThis as Scope).asked ?? []);
}
