import { isReporting } from '#shared/domain/reporting';
import { useMirror } from '../../../stores/mirror';

/** Returns true if what would be blocked with the key is let in for now. */
export function useIsReported(keyId: string): boolean {
  return useMirror(({ account, keys }) => isReporting(account, keys.get(keyId)));
}
