import { create } from 'zustand';
import type { Settled } from '#shared/ipc/outbox';
import { bridge } from '../bridge/bridge';

/** How many endings are remembered: far more than anybody has on screen at once. */
const REMEMBERED = 500;

/** An ending, and when this window heard of it; milliseconds since 1970. */
export type Heard = Settled & { readonly heardAtMs: number };

/** How this console's edits ended, by the id that the call which made them gave; the latest last. */
export const useSettled = create<{ readonly byId: ReadonlyMap<string, Heard> }>(() => ({
  byId: new Map(),
}));

/** Listens from the start, because an edit may be settled before the call that made it has answered. */
export function startSettled(): () => void {
  return bridge().events.outbox.settled(({ items }) => {
    const heardAtMs = Date.now();
    useSettled.setState(({ byId }) => {
      const known = [...byId, ...items.map((settled) => [settled.id, { ...settled, heardAtMs }] as const)];
      return { byId: new Map(known.slice(-REMEMBERED)) };
    });
  });
}
