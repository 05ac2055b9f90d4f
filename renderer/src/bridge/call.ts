import type { Outcome } from '#shared/ipc/failure';

/** Resolves with the outcome of the call and never rejects: whatever is thrown becomes an `internal` failure. */
export async function settle<T>(call: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await call();
  } catch (error) {
    const detail = error instanceof Error && error.message !== '' ? error.message : 'no details';
    return {
      ok: false,
      failure: { kind: 'internal', message: `The call did not get through (${detail}).` },
    };
  }
}
