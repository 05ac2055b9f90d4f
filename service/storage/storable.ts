/** Returns the value with U+FFFD in place of NUL, which PostgreSQL's text cannot hold and at which libsql ends a text. */
export const storable = (value: unknown): unknown =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
