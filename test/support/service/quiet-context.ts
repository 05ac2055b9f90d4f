import type { ChangeContext } from '#service/policy/impact';
import type { ServiceContext } from '#service/policy/context';

/** The part of a service's context that does not matter for tests without proxies, states and questions. */
export const quietContext: Pick<ServiceContext, 'trustedProxies' | 'state'> & Pick<ChangeContext, 'guard'> = {
  guard: () => Promise.resolve(),
  trustedProxies: [],
  state: () => ({ state: 'ready', why: null }),
};
