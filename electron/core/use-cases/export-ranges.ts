import { MINUTE_MS } from '#shared/durations';
import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { saveFile } from '../save-file';
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
  const query = effect === undefined ? { format } : { format, effect };
  try {
    let outcome: Outcome<undefined> | undefined;
    await saveFile(path, async (file) => {
      const write = (piece: Uint8Array): Promise<void> => file.writeFile(piece);
      outcome = await session.value.client.download('exportRanges', { query }, write, {
        timeoutMs: TIMEOUT_MS,
      });
      return outcome.ok;
    });
    return outcome?.ok === false ? outcome : succeeded({ path });
  } catch (error) {
    return failed(storageFailureOf(error) ?? storageFailure('broken'));
  }
}
