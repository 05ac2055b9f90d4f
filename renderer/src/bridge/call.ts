import { t } from '#shared/i18n/t';
import { failed, type Outcome } from '#shared/ipc/failure';

/** Resolves with the outcome of the call and never rejects: whatever is thrown becomes an `internal` failure. */
export async function settle<T>(call: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await call();
  } catch (error) {
    const detail = error instanceof Error ? error.message : '';
    const message = detail === '' ? t('failures.callLost') : t('failures.callLostBecause', { detail });
    return failed({ kind: 'internal', message });
  }
}
