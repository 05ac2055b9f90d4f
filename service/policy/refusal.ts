import type { Impact } from '#shared/api/impact';
import type { Problem, ProblemCode } from '#shared/api/problem';

/** Details that some refusals carry beside their message. */
export type RefusalDetails = Pick<
  Problem,
  'field' | 'errors' | 'existing' | 'current' | 'currentSource' | 'required'
> &
  Partial<Impact>;

/** An expected refusal with a stable code. Any other error is a bug. */
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
