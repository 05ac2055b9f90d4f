import type { ServiceContext } from '#service/account/context';

/** What a context of the service holds where proxies and the service's state do not matter. */
export const quietContext: Pick<ServiceContext, 'trustedProxies' | 'state'> = {
  trustedProxies: [],
  state: () => ({ state: 'ready', why: null }),
};
