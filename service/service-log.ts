import { jsonLine } from '#shared/domain/plain-text';
import { isoTime, type Clock } from './clock';

export type LogLevel = 'info' | 'warn' | 'error';

/** Structured log of the service itself. Fields never hold keys, tokens or headers as they came. */
export interface ServiceLog {
  write(level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>): void;
}

export const SILENT: ServiceLog = { write: () => undefined };

const plain = (value: unknown): unknown =>
  value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;

/** One JSON object a line. */
export const createLineLog = (clock: Clock, writeLine: (line: string) => void): ServiceLog => ({
  write(level, event, fields = {}) {
    const safe = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)]));
    writeLine(jsonLine({ at: isoTime(clock.now()), level, event, ...safe }));
  },
});
