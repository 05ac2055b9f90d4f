import { app, dialog } from 'electron';
import type { Log } from '../core/ports';
import { messageOf } from '../core/text';

/**
 * Does what the app cannot start without. When it fails, says so in the log, on the terminal and in a dialog, and ends
 * the app.
 */
export function startOrExplain<T>(work: () => T, log: Log): T {
  try {
    return work();
  } catch (error) {
    log.error('start.failed', { error });
    process.stderr.write(`Gatehouse cannot start: ${messageOf(error)}\n`);
    dialog.showErrorBox('Gatehouse cannot start', messageOf(error));
    app.exit(1);
    throw error;
  }
}
