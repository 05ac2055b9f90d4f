import { logLine, type LogLevel } from '#shared/domain/log-line';
import type { Clock } from './runtime/clock';

/** Structured log of the service itself. Fields hold no headers as they came. */
export interface ServiceLog {
  write(level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>): void;
}

export const SILENT: ServiceLog = { write: () => undefined };

export function createLineLog(clock: Clock, writeLine: (line: string) => void): ServiceLog {
  return { write: (level, event, fields) => writeLine(logLine(clock.now(), level, event, fields)) };
}
