import { app } from 'electron';
import type { Log, Notifier, WindowOpener } from '../core/ports';
import { messageOf } from '../core/text';

/** Longer than the embedded service is given to write everything down. */
const STOP_DEADLINE_MS = 8_000;

/**
 * Ends the app when its last window is closed, after everything has been stopped and written down. Staying in the tray,
 * and asking first while an embedded service answers for a proxy, are not here yet.
 */
export function setUpLifecycle(
  core: { stop(): Promise<void>; unsentEdits(): number },
  windows: WindowOpener,
  notifier: Notifier,
  log: Log,
): void {
  app.on('window-all-closed', () => app.quit());
  app.on('activate', () => windows.openConsole());
  let stopping = false;
  // Not `before-quit`: by now the windows are gone and have left their state in the store.
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    tellUnsent(core.unsentEdits(), notifier);
    const deadline = setTimeout(() => {
      log.error('stop.too_slow');
      app.exit(1);
    }, STOP_DEADLINE_MS);
    core
      .stop()
      .catch((error: unknown) => log.error('stop.failed', { message: messageOf(error) }))
      .finally(() => {
        clearTimeout(deadline);
        app.exit(0);
      });
  });
}

/** A notification and no question: nothing is lost by quitting, and it outlives the app. */
function tellUnsent(count: number, notifier: Notifier): void {
  if (count === 0 || !notifier.isSupported()) return;
  const edits = count === 1 ? 'One edit is' : `${count} edits are`;
  const body = 'They are kept on this computer, and go out when Gatehouse is started again.';
  const content = {
    title: `${edits} not sent yet`,
    body: count === 1 ? body.replace('They are', 'It is').replace('go out', 'goes out') : body,
  };
  notifier.show(content, { onClick: () => undefined, onClosed: () => undefined });
}
