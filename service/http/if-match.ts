import { Refusal } from '../policy/refusal';

/** Returns the version in `If-Match: "<version>"`; undefined if it is absent or `*`. @throws Refusal for any other text. */
export const readIfMatch = (value: string | undefined): number | undefined => {
  if (value === undefined || value.trim() === '*') return undefined;
  const version = /^"?(\d{1,9})"?$/.exec(value.trim())?.[1];
  if (version === undefined) {
    throw new Refusal('invalid_request', 'If-Match must be a version in quotes, like "3".', {
      field: 'if-match',
    });
  }
  return Number(version);
};
