import type { StartFailureCode } from '#shared/embedded/protocol';

/** Returns the reason why the embedded service did not start, and a remedy. */
export function startSentence(
  code: StartFailureCode,
  message: string,
  tried: readonly string[],
  dataDir: string,
): string {
  switch (code) {
    case 'address_in_use': {
      const [first, ...others] = tried;
      if (others.length === 0) {
        return `The address ${first} is taken by another program on this computer. Stop that program, then try again.`;
      }
      return `The addresses ${first} to ${others.at(-1)} are all taken by other programs on this computer. Stop one of them, then try again.`;
    }
    case 'data_dir_locked':
      return `Another Gatehouse service is using the data folder ${dataDir}. Stop it, then try again.`;
    case 'database_damaged':
    case 'invalid_setting':
    case 'internal':
      return message;
  }
}
