import type { Failure } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';

export type StorageFailure = Extract<Failure, { kind: 'storage' }>;
type StorageCode = StorageFailure['code'];

export function storageSentence(code: StorageCode): string {
  return t(`notices.storage_${code}`);
}

/** Prefixes of the codes of Node and SQLite, because SQLite's extended codes begin with the primary one. */
const CODES: readonly (readonly [RegExp, StorageCode])[] = [
  [/^(ENOSPC|SQLITE_FULL)/, 'full'],
  [/^EDQUOT/, 'quota'],
  [/^(EROFS|SQLITE_READONLY)/, 'read_only'],
  [/^(EACCES|EPERM|SQLITE_PERM)/, 'denied'],
  [/^(EIO|SQLITE_IOERR|SQLITE_CANTOPEN)/, 'broken'],
];

export function storageFailure(code: StorageCode): StorageFailure {
  return {
    kind: 'storage',
    code,
    message: storageSentence(code),
  };
}

/** Returns the failure that a person is told; undefined if the error is not one of the disk. */
export function storageFailureOf(error: unknown): StorageFailure | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const text = String(error.code);
  const found = CODES.find(([pattern]) => pattern.test(text));
  return found === undefined ? undefined : storageFailure(found[1]);
}
