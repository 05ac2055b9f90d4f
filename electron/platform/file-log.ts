import { appendFileSync, chmodSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { logLine, type LogLevel } from '#shared/domain/log-line';
import type { Log } from '../core/ports';

const FILE_NAME = 'console.log';
const OLDER_FILE_NAME = 'console.1.log';
const LARGEST_BYTES = 5 * 1024 * 1024;

/**
 * Opens the app's log, a file that is put aside once when it grows large. Each line is written at once, so that the last
 * one before a crash is there.
 */
export function createFileLog(folder: string, now: () => number): Log {
  const path = join(folder, FILE_NAME);
  let size = sizeOf(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o600);
  } catch {
    // The file does not exist yet, or its mode cannot be changed; the app starts all the same.
  }

  const write = (level: LogLevel, event: string, details?: Readonly<Record<string, unknown>>): void => {
    const line = `${logLine(now(), level, event, details)}\n`;
    try {
      if (size > LARGEST_BYTES) {
        renameSync(path, join(folder, OLDER_FILE_NAME));
        size = 0;
      }
      appendFileSync(path, line, { mode: 0o600 });
      size += Buffer.byteLength(line);
    } catch {
      // A full disk must not stop the app, and there is nowhere left to log it.
    }
  };
  return {
    info: (event, details) => write('info', event, details),
    warn: (event, details) => write('warn', event, details),
    error: (event, details) => write('error', event, details),
  };
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
