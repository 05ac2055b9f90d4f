import type { Failure } from '#shared/ipc/failure';
import { explainFailure, type FailureText } from '../domain/failures';
import { useNow } from '../ui/clock';
import { FormError } from '../ui/form-error';

/** Returns the failure of a call in words; null if there is none. */
export function useFailureText(failure: Failure | null): FailureText | null {
  const nowMs = useNow();
  return failure === null ? null : explainFailure(failure, nowMs);
}

export function FailureMessage({ failure }: { readonly failure: Failure | null }) {
  return <FormError message={useFailureText(failure)?.message ?? null} />;
}
