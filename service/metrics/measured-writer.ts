import { DatabaseUnavailableError } from '../storage/unavailable';
import type { Writer } from '../storage/writer';

export interface MeasuredWriter {
  readonly writer: Writer;
  /** Writes that wait for their turn or are under way. */
  readonly waiting: () => number;
}

/**
 * The same writer, with its queue counted and each write timed: from when it is asked for until readers are told. A write
 * that fails is told too: it is the first to find out that the database is in trouble.
 */
export const measureWriter = (
  writer: Writer,
  { onWritten, onFailed }: { readonly onWritten: (seconds: number) => void; readonly onFailed: () => void },
): MeasuredWriter => {
  let waiting = 0;
  return {
    writer: {
      ...writer,
      write: async (work) => {
        waiting += 1;
        const askedAt = performance.now();
        try {
          const result = await writer.write(work);
          onWritten((performance.now() - askedAt) / 1000);
          return result;
        } catch (error) {
          if (error instanceof DatabaseUnavailableError) onFailed();
          throw error;
        } finally {
          waiting -= 1;
        }
      },
    },
    waiting: () => waiting,
  };
};
