import { policyRoutes } from '../api/routes-policy';
import { call, type CallGroup } from './call';

/** What another policy would have made of the log (docs/behaviour.md 4.12). The service replays it, and changes nothing. */
export const simulationCalls = {
  run: call(policyRoutes.simulate.body, policyRoutes.simulate.response),
} as const satisfies CallGroup;
