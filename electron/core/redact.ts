/** Fields whose value never gets into a log, whatever it looks like. */
const SECRET_FIELDS = /^(token|secret|password|authorization|api-?key|encrypted.*|curl|.*(token|secret))$/i;

/** Secrets inside longer texts. */
const SECRET_TEXTS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\b(Bearer)\s+[\x21-\x7e]+/gi, '$1 [redacted]'],
  [/((?:api-key|x-api-key|authorization)["']?\s*[:=]\s*["']?)[^\s"',;}]+/gi, '$1[redacted]'],
  // What the service calls its keys and tokens.
  [/\b(g[kt]_)[A-Za-z0-9]{8,}/g, '$1[redacted]'],
  [/(\/\/[^/\s:@]+:)[^/\s@]+@/g, '$1[redacted]@'],
];

const DEEPEST = 6;

/** A copy of a value for the log, with every secret taken out. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value instanceof Error) return redactText(value.stack ?? value.message);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '[…]';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      SECRET_FIELDS.test(name) && field !== null ? '[redacted]' : redact(field, depth + 1),
    ]),
  );
}

export function redactText(text: string): string {
  return SECRET_TEXTS.reduce(
    (redacted, [pattern, replacement]) => redacted.replace(pattern, replacement),
    text,
  );
}
