import { expect } from 'vitest';
import type { RouteInput, RouteResponse } from '#shared/api/route-types';
import type { TestService } from './test-service';

export type Imported = RouteResponse<'importRanges'>;

type Request = Omit<RouteInput<'importRanges'>['body'], 'text'>;

export async function importText(
  service: TestService,
  text: string,
  request: Request = {},
): Promise<Imported> {
  const answer = await service.api('/v1/ranges/import', { body: { text, ...request } });
  expect(answer.status, answer.text).toBe(200);
  return answer.json as Imported;
}

/** Line, status and networks of each result. */
export function short({ results }: Imported): unknown[] {
  return results.map(({ line, status, cidrs }) => [line, status, ...cidrs]);
}
