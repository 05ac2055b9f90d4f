import type { ServiceLog } from '#service/service-log';
import type { LogLevel } from '#shared/domain/log-line';

export interface LogEntry {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that tests can read back. */
export function memoryLog(): ServiceLog & {
  readonly entries: readonly LogEntry[];
  events(): readonly string[];
} {
  const entries: LogEntry[] = [];
  return {
    entries,
    events: () => entries.map(({ event }) => event),
    write: (level, event, fields = {}) => {
      entries.push({ level, event, fields });
    },
  };
}
