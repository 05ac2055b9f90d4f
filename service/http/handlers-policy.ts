import { explain } from '../account/explain';
import { importRanges } from '../import/import';
import { simulate } from '../simulate/simulate';
import type { RouteHandlers } from './route-handlers';

export const policyHandlers: Pick<RouteHandlers, 'importRanges' | 'explain' | 'simulate'> = {
  importRanges: (call, { body }) => importRanges(call, call.principal, body, call.signal, call.principalNow),
  explain: (call, { query }) => explain(call, call.principal.accountId, query),
  simulate: (call, { body }) => simulate(call, call.principal.accountId, body, call.signal),
};
