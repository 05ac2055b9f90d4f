import type { ServiceContext } from '#service/policy/context';

/** The part of a service's context that does not matter for tests without proxies and states. */
export const quietContext: Pick<ServiceContext, 'trustedProxies' | 'state'> = {
  trustedProxies: [],
  state: () => ({ state: 'ready', why: null }),
};
