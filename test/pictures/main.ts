import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { playVisit } from '#demo/live';
import { visitsInHour } from '#demo/traffic/scenarios';
import { startDemoConsole } from '#test/support/desktop/demo-console';
import { goTo, resizeTo } from '#test/support/desktop/screens';
import { startDesktopSession } from '#test/support/desktop/session';

const SEED = 'gatehouse';
const DOCS = join(import.meta.dirname, '../../docs');
const WIDTH = 1280;
const HEIGHT = 800;
/** The addresses that the leaked key is tried from. */
const LEAK = 24;

/** Takes what the banners say of this machine out of the picture. */
function hideMachine(page: Page): Promise<void> {
  return page
    .getByRole('status')
    .filter({ hasText: /a stand-in for trying out|tokens last/ })
    .evaluateAll((banners: HTMLElement[]) => {
      for (const banner of banners) banner.style.display = 'none';
    });
}

async function takePictures(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(DOCS, `${name}-${colorScheme}.png`), animations: 'disabled' });
  }
}

/** Takes the README's pictures of the built console: the demo, some seconds after its key has leaked. */
export async function main(): Promise<void> {
  const session = await startDesktopSession({ screen: '1440x900' });
  try {
    const { running, page, secrets, url } = await startDemoConsole(session, SEED, {
      LANGUAGE: 'en',
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
    });
    await resizeTo(running.app, WIDTH, HEIGHT);
    await hideMachine(page);
    await goTo(page, 'Log');
    await page.getByRole('main').getByRole('row').nth(2).waitFor();
    await takePictures(page, 'log');
    await goTo(page, 'Overview');
    await page.getByRole('button', { name: /Germany/ }).waitFor();
    await takePictures(page, 'overview');
    const leaked = visitsInHour(SEED, 0).filter(({ scenario }) => scenario === 'Leaked key');
    for (const visit of leaked.slice(0, LEAK)) await playVisit(url, secrets, visit);
    await goTo(page, 'Pending');
    await page.getByRole('region', { name: /is probably leaked: 24 new addresses/ }).waitFor();
    await takePictures(page, 'pending');
  } finally {
    await session.stop();
  }
}
