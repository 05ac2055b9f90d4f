import { expect } from 'vitest';
import { problemSchema, type Problem } from '#shared/api/problem';
import type { Answer } from './test-service';

/** Checks content type, schema and status of a problem, and returns it. */
export function problem(answer: Answer): Problem {
  expect(answer.headers['content-type']).toContain('application/problem+json');
  const parsed = problemSchema.parse(answer.json);
  expect(parsed.status).toBe(answer.status);
  return parsed;
}
