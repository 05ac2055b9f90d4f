import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';

/**
 * Back to the choice of a service. The access token is deleted; the embedded service is stopped and keeps its data, and
 * what this computer knows of the account stays until another account takes its place.
 */
export async function forget({ connections, profile, replica }: CoreContext): Promise<Outcome<undefined>> {
  await connections.change(async (change) => {
    await change.close();
    profile.update({ service: null, encryptedToken: null, chosen: true });
    replica.setConnection({ kind: 'none' });
  });
  return succeeded(undefined);
}
