import { create } from 'zustand';
import type { ExportFormat } from '#shared/domain/export-format';
import type { Outcome } from '#shared/ipc/failure';
import type { Exported, ExportProgress, LogFilter } from '#shared/ipc/log';
import { bridge } from '../bridge/bridge';
import { settle } from '../bridge/call';

interface LogExport {
  readonly isRunning: boolean;
  /** Null until the first rows are written. */
  readonly progress: ExportProgress | null;
  /** The end of the last one, until it is put away; null if a person cancelled it. */
  readonly ended: Outcome<Exported> | null;
}

/** Outlives the screen, because an export goes on. */
export const useLogExport = create<LogExport>(() => ({ isRunning: false, progress: null, ended: null }));

export async function exportLog(filter: LogFilter, format: ExportFormat): Promise<void> {
  useLogExport.setState({ isRunning: true, progress: null, ended: null });
  const end = bridge().events.log.exporting((progress) => useLogExport.setState({ progress }));
  const outcome = await settle(() => bridge().calls.log.export({ filter, format }));
  end();
  const ended = !outcome.ok ? outcome : outcome.value === null ? null : { ...outcome, value: outcome.value };
  useLogExport.setState({ isRunning: false, progress: null, ended });
}

export function stopExport(): void {
  void settle(() => bridge().calls.log.stopExport());
}

export function putAwayExport(): void {
  useLogExport.setState({ ended: null });
}
