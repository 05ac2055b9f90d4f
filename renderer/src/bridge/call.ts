import type { Outcome } from '#shared/ipc/failure';

/**
 * A call across the bridge whose promise never rejects: what should cross as data but was thrown (a bug, or main went
 * away) becomes an `internal` failure, so that every caller has one way to tell a person.
 */
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
