import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launchConsole, type RunningConsole } from '#test/support/desktop/console-app';
import { linuxParts } from '#test/support/desktop/requirements';
import { type DesktopSession, startDesktopSession } from '#test/support/desktop/session';
import { waitFor } from '#test/support/wait-for';

const FRENCH = { LANGUAGE: 'fr_CA:en', LANG: 'fr_CA.UTF-8', LC_ALL: 'fr_CA.UTF-8' };

describe.skipIf(!linuxParts().ok)('a console on a French desktop', () => {
  let session: DesktopSession;

  beforeEach(async () => {
    session = await startDesktopSession();
  });
  afterEach(async () => {
    await session.stop();
  });

  const menuOf = ({ app }: RunningConsole): Promise<(string | undefined)[]> =>
    app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label) ?? []);

  it('begins in French, and keeps the language that a person chooses instead', async () => {
    let running = await launchConsole({
      session,
      env: { GATEHOUSE_EMBEDDED_LISTEN: '127.0.0.1:0', ...FRENCH },
    });
    const page = await running.app.firstWindow();
    await page.getByRole('button', { name: 'Réglages' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    expect((await menuOf(running)).slice(0, 3)).toEqual(['Fichier', 'Édition', 'Affichage']);

    await page.getByText('English', { exact: true }).click();
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await waitFor('an English menu', async () => (await menuOf(running))[0] === 'File');
    // What the window shows first after a load is what main wrote into the page.
    await page.reload();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');

    await running.kill();
    running = await running.relaunch();
    const again = await running.app.firstWindow();
    await again.getByRole('button', { name: 'Settings' }).waitFor();
  });
});
