import type { Bridge } from '#shared/ipc/derive';
import { hiddenShown } from '#shared/domain/plain-text';

declare global {
  interface Window {
    readonly gatehouse: Bridge;
  }
}

/** The only way out of this window. Read at each use, so that nothing depends on the order of loading. */
export function bridge(): Bridge {
  const { gatehouse } = window;
  if (known?.from !== gatehouse) known = { from: gatehouse, safe: withoutHiddenText(gatehouse) };
  return known.safe;
}

let known: { readonly from: Bridge; readonly safe: Bridge } | undefined;

/** A call, with its request, or an event, with its listener. */
type Member = (argument: unknown) => unknown;
type Groups = Readonly<Record<string, Readonly<Record<string, Member>>>>;

/**
 * The same bridge, with which nothing hidden comes in. Strangers choose user agents, paths and names: a mark in one of them
 * that turns the direction of what follows, or is not seen at all, is shown by its number wherever it would have stood. It is
 * done here, because whoever shows a text cannot forget it then.
 */
function withoutHiddenText({ calls, events }: Bridge): Bridge {
  return {
    calls: mapMembers(calls, (call) => async (request) => shownIn(await call(request))),
    events: mapMembers(
      events,
      (subscribe) => (listener) => subscribe((payload: unknown) => (listener as Member)(shownIn(payload))),
    ),
  } as unknown as Bridge;
}

const mapMembers = (groups: unknown, wrap: (member: Member) => Member): unknown =>
  Object.fromEntries(
    Object.entries(groups as Groups).map(([group, members]) => [
      group,
      Object.fromEntries(Object.entries(members).map(([name, member]) => [name, wrap(member)])),
    ]),
  );

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
