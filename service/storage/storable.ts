/**
 * A value as every database keeps it. PostgreSQL's text has no NUL, and libsql reads text up to the first one: what
 * comes with one is kept with the replacement character in its place.
 */
export const storable = (value: unknown): unknown =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
