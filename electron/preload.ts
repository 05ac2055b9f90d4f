import { contextBridge, ipcRenderer } from 'electron';
import { channelOf } from '#shared/ipc/derive';

/**
 * The bridge between a window and the main process. It takes any group and name, because a script that starts with each
 * window should not carry the contract: every channel begins with ours, so none of Electron's own can be reached, and main
 * answers the calls of the contract alone and checks the sender and the value of each.
 */
const bridge = {
  /** `shownId` names the account that the window shows. */
  call: (group: string, name: string, request?: unknown, shownId?: string): Promise<unknown> =>
    ipcRenderer.invoke(channelOf(group, name), request, shownId),
  on(group: string, name: string, listener: (payload: unknown) => void): () => void {
    const channel = channelOf(group, name);
    const receive = (_event: unknown, payload: unknown): void => listener(payload);
    ipcRenderer.on(channel, receive);
    return () => ipcRenderer.removeListener(channel, receive);
  },
};

contextBridge.exposeInMainWorld('gatehouse', bridge);
