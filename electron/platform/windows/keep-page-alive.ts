import type { WebContents } from 'electron';
import type { Log } from '../../core/ports';

/** A page that crashes again this soon would only go on crashing. */
const RELOAD_AT_MOST_EVERY_MS = 10_000;

/** Loads a page again when its process has crashed. */
export function keepPageAlive(contents: WebContents, log: Log): void {
  let reloadedAt = -Infinity;
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log.error('window.crashed', { reason, exitCode });
    if (reason === 'clean-exit' || contents.isDestroyed()) return;
    const now = performance.now();
    if (now - reloadedAt < RELOAD_AT_MOST_EVERY_MS) return;
    reloadedAt = now;
    contents.reload();
  });
}
