import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { waitFor } from '../wait-for';

/** Screenshots for a person who looks at them after a run. */
const FOLDER = join(import.meta.dirname, '../../../test-output/screens');

/** Stores a screenshot of the window as test output. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  // Colours in transition would be misleading.
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
}

/** Resolves with the approval window, which a click on a notification opens. */
export function approvalWindow(app: ElectronApplication): Promise<Page> {
  return waitFor('the approval window to open', () =>
    app.windows().find((page) => page.url().includes('window=approval')),
  );
}

export type ScreenName =
  | 'Overview'
  | 'Pending'
  | 'Log'
  | 'Authorized IPs'
  | 'Protection'
  | 'API keys'
  | 'Users'
  | 'Activity'
  | 'Settings';

/** Goes to a screen by its entry in the navigation. */
export async function goTo(page: Page, screen: ScreenName): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('button', { name: new RegExp(`^${screen}`) })
    .click();
  await page.getByRole('heading', { level: 1, name: screen }).waitFor();
}

/** Gives the console's window this many pixels inside its frame. */
export function resizeTo(app: ElectronApplication, width: number, height: number): Promise<void> {
  return app.evaluate(
    ({ BrowserWindow }, [w = 0, h = 0]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h),
    [width, height],
  );
}
