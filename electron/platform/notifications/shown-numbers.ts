import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Log } from '../../core/ports';
import { messageOf } from '../../core/text';

const shownNumbersSchema = z.object({
  /** The server that gave the numbers; any other one means something else by them. */
  server: z.string(),
  /** The server's number of each notification on the screen, by our id. */
  numbers: z.record(z.string(), z.int().positive()),
});
export type ShownNumbers = z.infer<typeof shownNumbersSchema>;

/** Remembers what is on the screen, so that the run after a crash can take it back, update it and be answered by it. */
export interface NumberStore {
  /** Null where nothing is remembered. */
  read(): ShownNumbers | null;
  write(shown: ShownNumbers): void;
}

/**
 * In a small file. It outlives this program and need not outlive the computer's session, so nothing waits for the disk; one
 * that is half written counts as none.
 */
export function createNumberFile(path: string, log: Log): NumberStore {
  return {
    read() {
      try {
        return shownNumbersSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch {
        // Not there, or not readable: then there is nothing to take back.
        return null;
      }
    },
    write(shown) {
      try {
        writeFileSync(path, JSON.stringify(shown), { mode: 0o600 });
      } catch (error) {
        log.warn('notifications.not_remembered', { message: messageOf(error) });
      }
    },
  };
}
