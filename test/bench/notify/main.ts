import { startRemoteDesktop } from '#test/support/desktop/remote-desktop';
import { measureIdle } from './idle';
import { measureSingles } from './singles';
import { measureStorm } from './storm';

/**
 * From a blocked call to the native notification, end to end: the built service, the built console in the real Electron, a
 * notification server on a D-Bus session. All times are of one machine's clock. Needs `npm run build` and what the desktop
 * tests need.
 *
 * `npm run bench:notify -- --quick` makes fewer calls.
 */
export const main = async (args: readonly string[]): Promise<number> => {
  const quick = args.includes('--quick');
  const desktop = await startRemoteDesktop();
  try {
    await measureIdle(desktop, quick ? 5_000 : 60_000);
    await measureSingles(desktop, quick ? 15 : 100);
    await measureStorm(desktop, { seconds: quick ? 3 : 10, callsPerSecond: 1_000 });
    return 0;
  } finally {
    await desktop.stop();
  }
};
