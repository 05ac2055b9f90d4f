/** Crockford's base 32, as ULIDs are written in. https://github.com/ulid/spec */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;

/**
 * An id for something that the service will name itself, from the id of the operation that brings it about: always the
 * same for the same operation, never the operation's own, and a valid ULID. It only stands in until the real one is known.
 */
export function derivedId(operationId: string, index = 0): string {
  const time = operationId.slice(0, TIME_LENGTH);
  let carry = index + 1;
  let rest = '';
  for (const digit of Array.from(operationId.slice(TIME_LENGTH).toUpperCase()).reverse()) {
    const sum = DIGITS.indexOf(digit) + carry;
    rest = (DIGITS[sum % DIGITS.length] ?? '0') + rest;
    carry = Math.floor(sum / DIGITS.length);
  }
  return time + rest;
}
