import type { FileHandle } from 'node:fs/promises';
import { exportHead, exportLines } from '#shared/domain/attempt-export';
import type { ExportFormat } from '#shared/domain/export-format';
import { SECOND_MS } from '#shared/durations';
import { t } from '#shared/i18n/t';
import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import type { LogFilter } from '#shared/ipc/log';
import type { Publisher } from '../ports';
import { saveFile } from '../save-file';
import type { LogReader } from '../store/log-reader';
import { storageFailureOf } from '../store/storage-failure';
import { isoTime } from '../text';
import { figures, type ReadingCore } from './log-figures';

/** So few that writing them holds up nothing else. */
const ROWS_AT_ONCE = 500;
const TOLD_EVERY_MS = SECOND_MS / 4;
const DATE_LENGTH = '2026-11-24'.length;

export interface LogExportParts {
  readonly publisher: Publisher;
  /** Asks for a file; null if a person cancels. */
  readonly chooseSaveFile: (suggestedName: string) => Promise<string | null>;
}

interface Target {
  readonly path: string;
  readonly format: ExportFormat;
  readonly filter: LogFilter;
  readonly stopped: AbortSignal;
}

/** Writes rows of the log to a file, one export at a time. The file is replaced as a whole, at the end. */
export class LogExport {
  readonly #parts: LogExportParts;
  #running: AbortController | undefined;

  constructor(parts: LogExportParts) {
    this.#parts = parts;
  }

  async run(
    core: ReadingCore,
    { filter, format }: CallRequest<'log', 'export'>,
  ): Promise<Outcome<CallResponse<'log', 'export'>>> {
    if (this.#running !== undefined) {
      const message = t('refusals.exportRuns');
      return failed({ kind: 'conflict', code: 'export_runs', message, current: null });
    }
    const running = new AbortController();
    this.#running = running;
    try {
      const day = isoTime(core.clock.now()).slice(0, DATE_LENGTH);
      const path = await this.#parts.chooseSaveFile(`gatehouse-log-${day}.${format}`);
      if (path === null) return succeeded(null);
      const outcome = await figures(core, filter, async (log) => ({
        path,
        rows: await this.#write(log, { path, format, filter, stopped: running.signal }),
      }));
      return running.signal.aborted ? succeeded(null) : outcome;
    } catch (error) {
      // The place is a person's own choice, not that of the program.
      if (isOfPlace(error)) {
        return failed({ kind: 'storage', code: 'denied', message: t('refusals.exportDenied') });
      }
      const failure = storageFailureOf(error);
      if (failure === undefined) throw error;
      return failed(failure);
    } finally {
      this.#running = undefined;
    }
  }

  stop(): void {
    this.#running?.abort();
  }

  async #write(log: LogReader, target: Target): Promise<number> {
    let rows = 0;
    await saveFile(target.path, async (file) => {
      rows = await this.#writeRows(log, file, target);
      return !target.stopped.aborted;
    });
    return rows;
  }

  async #writeRows(log: LogReader, file: FileHandle, { format, filter, stopped }: Target): Promise<number> {
    const of = await log.count(filter);
    await file.appendFile(exportHead(format));
    let rows = 0;
    let toldAtMs = -Infinity;
    let before: string | null = null;
    while (!stopped.aborted) {
      const page = await log.page(filter, { before, from: null, limit: ROWS_AT_ONCE });
      await file.appendFile(exportLines(format, page));
      rows += page.length;
      before = page.at(-1)?.id ?? null;
      if (before === null) break;
      if (performance.now() - toldAtMs < TOLD_EVERY_MS) continue;
      toldAtMs = performance.now();
      this.#parts.publisher.publish('log', 'exporting', { rows, of: Math.max(rows, of) });
    }
    return rows;
  }
}

function isOfPlace(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    /^(EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EISDIR|EBUSY|ENAMETOOLONG)$/.test(String(error.code))
  );
}
