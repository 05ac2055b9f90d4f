/** The digits of a ULID: Crockford's base 32. https://github.com/ulid/spec */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;

/**
 * Returns an id that stands in for one of the service until that is known. It depends only on the operation that makes the
 * entity, differs from the operation's own id, and is a valid ULID.
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
