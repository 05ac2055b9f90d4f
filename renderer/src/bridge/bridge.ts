import type { Bridge, WindowBridge } from '#shared/ipc/derive';
import { hiddenShown } from '#shared/domain/plain-text';

declare global {
  interface Window {
    readonly gatehouse: WindowBridge;
  }
}

/** The bridge of the preload without its types: the proxies below name the members. */
interface AnyBridge {
  call(group: string, name: string, request: unknown): Promise<unknown>;
  on(group: string, name: string, listener: (payload: unknown) => void): () => void;
}

/** The only way out of this window. The preload's bridge is read at each use, so that no order of loading matters. */
export function bridge(): Bridge {
  return members;
}

const preload = (): AnyBridge => window.gatehouse;

/**
 * The members of the contract, made when they are first used and the same from then on. Nothing hidden comes in through
 * them: strangers choose user agents, paths and names, and a mark in one of them that turns the direction of what follows,
 * or is not seen at all, is shown by its number. Whoever shows a text cannot forget it then.
 */
const members = {
  calls: groupsOf(
    (group, name) => async (request: unknown) => shownIn(await preload().call(group, name, request)),
  ),
  events: groupsOf(
    (group, name) => (listener: (payload: unknown) => void) =>
      preload().on(group, name, (payload) => listener(shownIn(payload))),
  ),
} as unknown as Bridge;

function groupsOf(make: (group: string, name: string) => unknown): object {
  return madeOnce((group) => madeOnce((name) => make(group, name)));
}

/** An object that makes each of its members when it is first read. */
function madeOnce(make: (name: string) => unknown): object {
  return new Proxy<Record<string, unknown>>(
    {},
    { get: (made, name) => (made[String(name)] ??= make(String(name))) },
  );
}

/** The value with every text in it made safe; the same object where none has to change. */
function shownIn(value: unknown): unknown {
  if (typeof value === 'string') return hiddenShown(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const shown = items.map(shownIn);
    return shown.every((item, index) => item === items[index]) ? value : shown;
  }
  const entries = Object.entries(value);
  const shown = entries.map(([name, member]): [string, unknown] => [name, shownIn(member)]);
  return shown.every(([, member], index) => member === entries[index]?.[1])
    ? value
    : Object.fromEntries(shown);
}
