import type { NetworkChanges, NetworkState } from '#shared/ipc/network';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';

/** Returns the network settings and the route to the account's remote service. */
export async function networkState({ network, replica }: CoreContext): Promise<Outcome<NetworkState>> {
  const { connection } = replica;
  const isRemote = connection.kind !== 'none' && connection.service.kind === 'remote';
  return succeeded(await network.state(isRemote ? connection.service.url : undefined));
}

/** Changes the settings and reconnects all accounts at once. */
export async function changeNetwork(
  core: CoreContext,
  changes: NetworkChanges,
): Promise<Outcome<NetworkState>> {
  const changed = await core.network.change(changes);
  if (!changed.ok) return changed;
  await Promise.all(core.accounts.all().map(({ connections }) => connections.renewRemote()));
  return await networkState(core);
}
