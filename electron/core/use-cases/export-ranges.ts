import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { MINUTE_MS } from '#shared/durations';
import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { storageFailure, storageFailureOf } from '../store/storage-failure';
import type { CoreContext } from './context';

const TIMEOUT_MS = 10 * MINUTE_MS;

/** File names of the formats, which say what they are for. */
const NAMES = {
  csv: 'gatehouse-ranges.csv',
  json: 'gatehouse-ranges.json',
  nginx: 'gatehouse-ranges.conf',
  haproxy: 'gatehouse-ranges.map',
  ipset: 'gatehouse-ranges.ipset',
} as const;

/**
 * Saves the list as the service exports it in a file that a person chooses. The file appears when it is whole.
 * @param chooseSaveFile asks for a file; resolves with null if the person cancels.
 */
export async function exportRanges(
  core: Pick<CoreContext, 'connections'>,
  { format, effect }: CallRequest<'ranges', 'export'>,
  chooseSaveFile: (suggestedName: string) => Promise<string | null>,
): Promise<Outcome<CallResponse<'ranges', 'export'>>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const path = await chooseSaveFile(NAMES[format]);
  if (path === null) return succeeded({ path: null });
  const partial = `${path}.part`;
  let file: FileHandle | undefined;
  try {
    file = await open(partial, 'w', 0o600);
    const { write, close } = { write: file.write.bind(file), close: file.close.bind(file) };
    const query = effect === undefined ? { format } : { format, effect };
    const done = await session.value.client.download(
      'exportRanges',
      { query },
      async (piece) => void (await write(piece)),
      { timeoutMs: TIMEOUT_MS },
    );
    await close();
    file = undefined;
    if (done.ok) await rename(partial, path);
    else await rm(partial, { force: true });
    return done.ok ? succeeded({ path }) : done;
  } catch (error) {
    await file?.close();
    await rm(partial, { force: true });
    return failed(storageFailureOf(error) ?? storageFailure('broken'));
  }
}
