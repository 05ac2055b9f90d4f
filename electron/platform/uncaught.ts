import type { Log } from '../core/ports';

/** Electron shows what nobody caught as a stack in a dialog that stops everything. It belongs in the log; the app goes on. */
export function logUncaught(log: Log): void {
  const tell = (error: unknown): void => {
    log.error('uncaught', { error });
    process.stderr.write('Something went wrong in Gatehouse, which goes on. Its log has the details.\n');
  };
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
}
