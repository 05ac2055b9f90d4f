import type { IpcMain } from 'electron';
import type { CallContract } from '#shared/ipc/call';
import { calls } from '#shared/ipc/contract';
import { channelOf } from '#shared/ipc/derive';
import type { CallHandlers } from '#shared/ipc/derive';
import type { Log } from '../../core/ports';
import type { AppWindow, WindowRegistry } from '../windows/window-registry';
import { answerCall, type AnyHandler } from './answer-call';
import { refusalOf } from './trusted-frame';

/**
 * Registers the calls of the contract. A missing handler does not compile, and a message that does not come from a page of
 * ours is refused and logged.
 */
export function registerCalls(
  ipc: Pick<IpcMain, 'handle'>,
  handlers: CallHandlers<AppWindow>,
  registry: WindowRegistry,
  log: Log,
): void {
  for (const [group, contracts] of Object.entries(calls)) {
    for (const [name, contract] of Object.entries<CallContract>(contracts)) {
      const channel = channelOf(group, name);
      const handler = handlerOf(handlers, group, name);
      ipc.handle(channel, (event, request: unknown) => {
        const window = registry.windowOf(event.sender.id);
        const refusal = refusalOf(window !== undefined, event.senderFrame);
        if (window === undefined || refusal !== undefined) {
          log.error('ipc.refused', { channel, refusal, url: event.senderFrame?.url });
          throw new Error('Refused.');
        }
        return answerCall(channel, contract, handler, request, window, log);
      });
    }
  }
}

/** The contract's types guarantee that each handler takes its schema's output. */
function handlerOf(handlers: CallHandlers<AppWindow>, group: string, name: string): AnyHandler<AppWindow> {
  return (
    (handlers as unknown as Record<string, Record<string, AnyHandler<AppWindow>>>)[group]?.[name] ??
    missing(group, name)
  );
}

function missing(group: string, name: string): never {
  throw new Error(`No handler for ${group}.${name}.`);
}
