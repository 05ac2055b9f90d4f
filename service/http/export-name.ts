import { isoTime } from '../runtime/clock';

/** Returns a name such as `gatehouse-log-2026-01-15T12-00-00Z.csv`, which sorts by time and is valid on every system. */
export function exportName(what: 'log' | 'ranges', nowMs: number, extension: string): string {
  const time = isoTime(nowMs)
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  return `gatehouse-${what}-${time}.${extension}`;
}
