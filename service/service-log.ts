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
