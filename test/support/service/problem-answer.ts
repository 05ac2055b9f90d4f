import { expect } from 'vitest';
import { problemSchema, type Problem } from '#shared/api/problem';
import type { Answer } from './test-service';

/** The answer as the problem that it has to be, by content type, schema and status. */
export function problem(answer: Answer): Problem {
  expect(answer.headers['content-type']).toContain('application/problem+json');
  const parsed = problemSchema.parse(answer.json);
  expect(parsed.status).toBe(answer.status);
  return parsed;
}
