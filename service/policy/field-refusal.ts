import { sentence, type ReasonValues } from '#shared/domain/sentence';
import { Refusal, type RefusalDetails } from './refusal';

/** Returns a refusal that says what is wrong with a field. */
export function fieldRefusal(field: string, reason: ReasonValues, details: RefusalDetails = {}): Refusal {
  return new Refusal('invalid_request', sentence('fieldRefused', { field, ...reason }), {
    field,
    ...details,
  });
}
