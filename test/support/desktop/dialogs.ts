import type { ElectronApplication } from 'playwright-core';

/** A question of the app in a dialog of the system. */
export interface AskedQuestion {
  readonly message: string;
  readonly buttons: readonly string[];
}

type Scope = typeof globalThis & { asked?: AskedQuestion[] };

/**
 * Has the app's questions answered with the button of this label from now on: a dialog of the system cannot be pressed
 * from here. A question without such a button is left open, as by a person who does not answer.
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

/** What the app has asked since {@link answerDialogs} was first called. */
export function askedQuestions(app: ElectronApplication): Promise<readonly AskedQuestion[]> {
  return app.evaluate(() => (globalThis as Scope).asked ?? []);
}
