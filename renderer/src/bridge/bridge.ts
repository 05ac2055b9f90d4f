import type { Bridge, WindowBridge } from '#shared/ipc/derive';
import { hiddenShown } from '#shared/domain/plain-text';

declare global {
  interface Window {
    readonly gatehouse: WindowBridge;
  }
}

/** The preload's bridge without its types, because the proxies below look members up by name. */
interface AnyBridge {
  call(group: string, name: string, request: unknown, shownId: string | undefined): Promise<unknown>;
  on(group: string, name: string, listener: (payload: unknown) => void): () => void;
}

/** Returns the only way out of this window. The preload's bridge is read at each use, so loading order does not matter. */
export function bridge(): Bridge {
  return members;
}

/** The account that this window shows, which its calls are meant for. */
let shownId: string | undefined;
export function meanAccount(id: string | undefined): void {
  shownId = id;
}

function preload(): AnyBridge {
  return window.gatehouse;
}

/**
 * The members of the contract, made on first use. Strangers choose user agents, paths and names, so the hidden and
 * direction-changing characters of every text are replaced by their numbers here (https://trojansource.codes).
 */
const members = {
  calls: groupsOf(
    (group, name) => async (request: unknown) => shownIn(await preload().call(group, name, request, shownId)),
  ),
  events: groupsOf(
    (group, name) => (listener: (payload: unknown) => void) =>
      preload().on(group, name, (payload) => listener(shownIn(payload))),
  ),
} as unknown as Bridge;

function groupsOf(make: (group: string, name: string) => unknown): object {
  return madeOnce((group) => madeOnce((name) => make(group, name)));
}

/** Returns an object that creates each member on first access. */
function madeOnce(make: (name: string) => unknown): object {
  return new Proxy<Record<string, unknown>>(
    {},
    { get: (made, name) => (made[String(name)] ??= make(String(name))) },
  );
}

/**
 * Returns the value with hidden characters made visible in every text; the same object if nothing changes. A patch of a thousand
 * reviews passes here, so nothing is made for what stays as it is.
 */
function shownIn(value: unknown): unknown {
  if (typeof value === 'string') return hiddenShown(value);
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Readonly<Record<string, unknown>>;
  let shown: Record<string, unknown> | undefined;
  for (const name of Object.keys(members)) {
    const member = members[name];
    const after = shownIn(member);
    if (after === member) continue;
    shown ??= (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
    shown[name] = after;
  }
  return shown ?? value;
}
