import { expect } from 'vitest';
import type { RouteResponse } from '#shared/api/route-types';
import type { TestService } from './test-service';

export type Simulated = RouteResponse<'simulate'>;

export const DAY_MS = 86_400_000;

/** Simulates, and expects an answer. */
export async function simulateAt(service: TestService, body: object): Promise<Simulated> {
  const answer = await service.api('/v1/simulate', { body });
  expect(answer.status, answer.text).toBe(200);
  return answer.json as Simulated;
}
