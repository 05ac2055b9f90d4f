import type { Problem, ProblemCode } from '#shared/api/problem';

/** What some refusals carry besides their sentence. */
export type RefusalDetails = Pick<Problem, 'field' | 'errors' | 'existing' | 'current' | 'required'>;

/** An expected "no", with the stable code that callers branch on. Anything else that is thrown is a bug. */
export class Refusal extends Error {
  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly details: RefusalDetails = {},
  ) {
    super(message);
    this.name = 'Refusal';
  }
}
