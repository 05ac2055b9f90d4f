/** Returns the value with U+FFFD in place of NUL, which PostgreSQL's text cannot hold and at which libsql ends a text. */
export function storable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}
