import type { StartFailureCode } from '#shared/embedded/protocol';
import { t } from '#shared/i18n/t';

/** Returns the reason why the embedded service did not start, and a remedy. */
export function startSentence(
  code: StartFailureCode,
  message: string,
  tried: readonly string[],
  dataDir: string,
): string {
  switch (code) {
    case 'address_in_use': {
      const [first = '', ...others] = tried;
      const last = others.at(-1);
      return last === undefined
        ? t('embedded.addressTaken', { address: first })
        : t('embedded.addressesTaken', { first, last });
    }
    case 'data_dir_locked':
      return t('embedded.folderTaken', { folder: dataDir });
    case 'database_damaged':
    case 'invalid_setting':
    case 'internal':
      return message;
  }
}
