import { MINUTE_MS } from '#shared/durations';
import { logLine, type LogLevel } from '#shared/domain/log-line';
import type { Clock } from './runtime/clock';

/** The structured log of the service itself. Its fields must not hold the headers of calls, which carry keys. */
export interface ServiceLog {
  write(level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>): void;
}

export const SILENT: ServiceLog = { write: () => undefined };

export function createLineLog(clock: Clock, writeLine: (line: string) => void): ServiceLog {
  return { write: (level, event, fields) => writeLine(logLine(clock.now(), level, event, fields)) };
}

/**
 * Returns a log for events that a trouble repeats with every call. It writes the first at once, and those of the same name
 * that follow as one line a minute: the last of them, with `times`.
 */
export function oncePerMinute(log: ServiceLog): ServiceLog {
  const gathered = new Map<string, { times: number; write: () => void }>();
  return {
    write: (level, event, fields) => {
      const open = gathered.get(event);
      if (open !== undefined) {
        open.times += 1;
        const { times } = open;
        open.write = () => log.write(level, event, { ...fields, times });
        return;
      }
      log.write(level, event, fields);
      const begun = { times: 0, write: (): void => undefined };
      gathered.set(event, begun);
      setTimeout(() => {
        gathered.delete(event);
        begun.write();
      }, MINUTE_MS).unref();
    },
  };
}
