import { jsonLine } from './plain-text';

export type LogLevel = 'info' | 'warn' | 'error';

/** Fields whose value is never logged, whatever it looks like. */
const SECRET_FIELDS = /^(token|secret|password|authorization|api-?key|encrypted.*|curl|.*(token|secret))$/i;

const SECRET_TEXTS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\b(Bearer)\s+[\x21-\x7e]+/gi, '$1 [redacted]'],
  [/((?:api-key|x-api-key|authorization)["']?\s*[:=]\s*["']?)[^\s"',;}]+/gi, '$1[redacted]'],
  // The prefixes of the service's keys and tokens.
  [/\b(g[kt]_)[A-Za-z0-9]{8,}/g, '$1[redacted]'],
  [/(\/\/[^/\s:@]+:)[^/\s@]+@/g, '$1[redacted]@'],
];

const DEEPEST = 6;

/** Returns one event of a program's log as a line of JSON without secrets. */
export function logLine(
  atMs: number,
  level: LogLevel,
  event: string,
  fields: Readonly<Record<string, unknown>> = {},
): string {
  const safe = redact(fields) as Record<string, unknown>;
  return jsonLine({ at: new Date(atMs).toISOString(), level, event, ...safe });
}

/** Returns a copy of a value in which every secret is replaced. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value instanceof Error) {
    const { name, message, stack } = value;
    return redact({ name, message, stack }, depth);
  }
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

function redactText(text: string): string {
  return SECRET_TEXTS.reduce(
    (redacted, [pattern, replacement]) => redacted.replace(pattern, replacement),
    text,
  );
}
