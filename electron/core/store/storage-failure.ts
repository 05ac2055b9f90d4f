import type { Failure } from '#shared/ipc/failure';

export type StorageFailure = Extract<Failure, { kind: 'storage' }>;
type StorageCode = StorageFailure['code'];

const SENTENCES: Readonly<Record<StorageCode, string>> = {
  full: "This computer's disk is full.",
  quota: "Your share of this computer's disk is used up.",
  read_only: "This computer's disk cannot be written to: it is read-only.",
  denied: 'Gatehouse may not write to its folder on this computer.',
  broken: "This computer's disk does not answer as it should.",
};

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
    message: SENTENCES[code],
  };
}

/** Returns the failure that a person is told; undefined if the error is not one of the disk. */
export function storageFailureOf(error: unknown): StorageFailure | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const text = String(error.code);
  const found = CODES.find(([pattern]) => pattern.test(text));
  return found === undefined ? undefined : storageFailure(found[1]);
}
