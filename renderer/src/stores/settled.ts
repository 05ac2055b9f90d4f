import { create } from 'zustand';
import { MOST_AT_ONCE } from '#shared/ipc/policy';
import type { Settled } from '#shared/ipc/outbox';
import { bridge } from '../bridge/bridge';

/** Enough for as many as are changed at once, and what is changed one by one meanwhile. */
const REMEMBERED = MOST_AT_ONCE + 2_000;

export type Heard = Settled & { readonly heardAtMs: number };

/** Outcomes of this console's operations by their ids, the latest last. */
export const useSettled = create<{ readonly byId: ReadonlyMap<string, Heard> }>(() => ({
  byId: new Map(),
}));

/** Listens from the start, because an operation may be settled before the call that made it resolves. */
export function startSettled(): () => void {
  return bridge().events.outbox.settled(({ items }) => {
    const heardAtMs = Date.now();
    useSettled.setState(({ byId }) => {
      const known = [...byId, ...items.map((settled) => [settled.id, { ...settled, heardAtMs }] as const)];
      return { byId: new Map(known.slice(-REMEMBERED)) };
    });
  });
}
