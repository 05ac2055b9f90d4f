import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Log } from '../../core/ports';
import { messageOf } from '../../core/text';

const shownNumbersSchema = z.object({
  /** The server that gave the numbers; they mean nothing to another one. */
  server: z.string(),
  /** The server's number of each notification on the screen, by our id. */
  numbers: z.record(z.string(), z.int().positive()),
});
export type ShownNumbers = z.infer<typeof shownNumbersSchema>;

/** Stores the numbers of what is on the screen, so that the run after a crash can withdraw, update and answer it. */
export interface NumberStore {
  read(): ShownNumbers | undefined;
  write(shown: ShownNumbers): void;
}

/**
 * Stores the numbers in a small file. It need not outlive the computer's session, so nothing waits for the disk; an
 * incomplete file counts as none.
 */
export function createNumberFile(path: string, log: Log): NumberStore {
  return {
    read() {
      try {
        return shownNumbersSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch {
        // Without the file there is nothing to withdraw.
        return undefined;
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
