import { SECOND_MS } from '#shared/durations';
import { DatabaseUnavailableError } from '../storage/unavailable';
import type { Tracing } from '../telemetry/tracing';
import type { Writer } from '../storage/writer';

interface MeasuredWriter {
  readonly writer: Writer;
  /** Number of writes that wait for their turn or are under way. */
  readonly waiting: () => number;
}

interface MeasureOptions {
  readonly onWritten: (seconds: number) => void;
  readonly onFailed: () => void;
  readonly tracing: Tracing;
}

/**
 * Wraps a writer, to count its queue, to trace and to time each write, from the request until the feed's readers are told. Failures
 * of the database are reported too, because a write usually notices them first.
 */
export function measureWriter(
  writer: Writer,
  { onWritten, onFailed, tracing }: MeasureOptions,
): MeasuredWriter {
  let waiting = 0;
  return {
    writer: {
      ...writer,
      write: async (work, tell) => {
        waiting += 1;
        const askedAt = performance.now();
        try {
          const result = await tracing.inSpan('write', () => writer.write(work, tell));
          onWritten((performance.now() - askedAt) / SECOND_MS);
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
}
