import { describe, expect, it } from 'vitest';
import { storageFailureOf } from '#electron/core/store/storage-failure';

const withCode = (code: string): Error => Object.assign(new Error('raw'), { code });

describe('an error of the disk', () => {
  it.each([
    ['ENOSPC', 'full'],
    ['SQLITE_FULL', 'full'],
    ['EDQUOT', 'quota'],
    ['EROFS', 'read_only'],
    ['SQLITE_READONLY_DBMOVED', 'read_only'],
    ['EACCES', 'denied'],
    ['SQLITE_IOERR_WRITE', 'broken'],
    ['EIO', 'broken'],
  ])('%s is told as %s, in a sentence without the code', (code, told) => {
    const failure = storageFailureOf(withCode(code));
    expect(failure?.code).toBe(told);
    expect(failure?.message).toMatch(/^[A-Z][^_]*\.$/);
  });

  it.each([withCode('SQLITE_CONSTRAINT'), withCode('ECONNREFUSED'), new Error('ENOSPC'), undefined])(
    '%s is none',
    (error) => {
      expect(storageFailureOf(error)).toBeUndefined();
    },
  );
});
