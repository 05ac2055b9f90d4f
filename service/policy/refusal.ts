import type { Impact } from '#shared/api/impact';
import type { Problem, ProblemCode } from '#shared/api/problem';
import type { Sentence } from '#shared/domain/sentence';

/** Details that some refusals carry beside their message. */
export type RefusalDetails = Pick<
  Problem,
  'detailWords' | 'field' | 'errors' | 'existing' | 'current' | 'currentSource' | 'required'
> &
  Partial<Impact>;

/** An expected refusal with a stable code. Any other error is a bug. */
export class Refusal extends Error {
  readonly details: RefusalDetails;

  constructor(
    readonly code: ProblemCode,
    detail: string | Sentence,
    details: RefusalDetails = {},
  ) {
    super(typeof detail === 'string' ? detail : detail.english);
    this.details = typeof detail === 'string' ? details : { ...details, detailWords: [detail.words] };
    this.name = 'Refusal';
  }
}
