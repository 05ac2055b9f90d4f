import { policyRoutes } from '../api/routes-policy';
import { call, type CallGroup } from './call';

/** The log as another policy would have decided it (docs/behaviour.md 4.12). The service replays it, and changes nothing. */
export const simulationCalls = {
  run: call(policyRoutes.simulate.body, policyRoutes.simulate.response),
} as const satisfies CallGroup;
