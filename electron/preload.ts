import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge, CallClient, EventClient } from '#shared/ipc/derive';
import { callNames, channelOf, eventNames } from '#shared/ipc/names';

/**
 * The bridge between a window and the main process. It carries no validator, because it starts with each window; the main
 * process checks every value.
 */

type Names = Readonly<Record<string, Readonly<Record<string, true>>>>;

function mapNames<T>(names: Names, make: (channel: string) => T): Record<string, Record<string, T>> {
  return Object.fromEntries(
    Object.entries(names).map(([group, members]) => [
      group,
      Object.fromEntries(Object.keys(members).map((name) => [name, make(channelOf(group, name))])),
    ]),
  );
}

const bridge: Bridge = {
  calls: mapNames(
    callNames,
    (channel) =>
      (request?: unknown): Promise<unknown> =>
        ipcRenderer.invoke(channel, request),
  ) as unknown as CallClient,
  events: mapNames(eventNames, (channel) => (listener: (payload: unknown) => void): (() => void) => {
    const receive = (_event: unknown, payload: unknown): void => listener(payload);
    ipcRenderer.on(channel, receive);
    return () => ipcRenderer.removeListener(channel, receive);
  }) as unknown as EventClient,
};

contextBridge.exposeInMainWorld('gatehouse', bridge);
