import type { NetworkChanges, NetworkState } from '#shared/ipc/network';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';

/** How services elsewhere are reached, and how the one in use is. */
export async function networkState({ network, replica }: CoreContext): Promise<Outcome<NetworkState>> {
  const { connection } = replica;
  const isRemote = connection.kind !== 'none' && connection.service.kind === 'remote';
  return succeeded(await network.state(isRemote ? connection.service.url : undefined));
}

/** Changes it, and takes the new way to the service at once. */
export async function changeNetwork(
  core: CoreContext,
  changes: NetworkChanges,
): Promise<Outcome<NetworkState>> {
  const changed = await core.network.change(changes);
  if (!changed.ok) return changed;
  await core.connections.renewRemote();
  return await networkState(core);
}
