import type { RouteContract } from '#shared/api/route-contract';

/** The parts of any route. */
export interface RouteParts {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/**
 * Returns a call's path below the service's URL, with encoded parameters and query. Undefined query fields are left out.
 * @throws Error if a path parameter is missing, which is a bug of the caller.
 */
export function pathOf(route: RouteContract, parts: RouteParts): string {
  const path = route.path.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = parts.params?.[name];
    if (typeof value !== 'string' || value === '') throw new Error(`${route.path} needs ${name}.`);
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts.query ?? {})) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      query.append(name, String(value));
    }
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}
