import { t } from '#shared/i18n/t';
import type { Notices } from '../core/notices';
import type { Log } from '../core/ports';
import { messageOf } from '../core/text';

/**
 * Logs an uncaught error and tells the windows (from the call of `tellWindows` on), and the console goes on: one fault must
 * not end the announcing of blocked calls. Electron's default is a dialog with a stack that stops everything.
 */
export function setUpUncaught(
  log: Log,
  logFolder: string,
): { readonly tellWindows: (notices: Pick<Notices, 'add'>) => void } {
  let windows: Pick<Notices, 'add'> | undefined;
  const tell = (event: string, error: unknown): void => {
    log.error(event, { message: messageOf(error), stack: error instanceof Error ? error.stack : undefined });
    process.stderr.write(`${t('start.internalError', { why: messageOf(error) })}\n`);
    windows?.add({
      id: 'own-fault',
      severity: 'error',
      words: () => ({
        title: t('notices.ownFaultTitle'),
        message: t('notices.ownFault', { folder: logFolder }),
      }),
    });
  };
  process.on('uncaughtException', (error) => tell('main.uncaught_exception', error));
  process.on('unhandledRejection', (reason) => tell('main.unhandled_rejection', reason));
  return {
    tellWindows: (notices) => {
      windows = notices;
    },
  };
}
