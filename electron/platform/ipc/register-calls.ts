import type { IpcMain } from 'electron';
import type { CallContract } from '#shared/ipc/call';
import { calls } from '#shared/ipc/contract';
import { type CallHandlers, channelOf } from '#shared/ipc/derive';
import { reasonOf } from '#shared/domain/field-reason';
import { reasonInWords } from '#shared/domain/sentence';
import { failed, type Outcome } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import type { Log } from '../../core/ports';
import { storageFailureOf } from '../../core/store/storage-failure';
import { isAppUrl } from '../app-protocol/app-origin';
import type { CoreContext } from '../../core/use-cases/context';
import type { AppWindow, WindowRegistry } from '../windows/window-registry';

/** A handler without its request's type; the contract's schema stands in for it. */
type AnyHandler = (request: unknown, window: AppWindow) => Outcome<unknown> | Promise<Outcome<unknown>>;

/** A window follows a moment after another account is shown. */
function anotherAccount(): Outcome<never> {
  const message = t('refusals.otherAccount');
  return failed({ kind: 'conflict', code: 'another_account', message, current: null });
}

/**
 * Registers the calls of the contract. A missing handler does not compile, and a message that does not come from a page of
 * ours is refused and logged. What a person meant for one account never changes another.
 */
export function registerCalls(
  ipc: Pick<IpcMain, 'handle'>,
  handlers: CallHandlers<AppWindow>,
  registry: WindowRegistry,
  log: Log,
  accounts: { readonly shown: Pick<CoreContext, 'id'> },
): void {
  for (const [group, contracts] of Object.entries(calls)) {
    for (const [name, contract] of Object.entries<CallContract>(contracts)) {
      const channel = channelOf(group, name);
      const handler = handlerOf(handlers, group, name);
      ipc.handle(channel, async (event, request: unknown, shownId: unknown) => {
        const window = registry.windowOf(event.sender.id);
        const refusal = refusalOf(window !== undefined, event.senderFrame);
        if (window === undefined || refusal !== undefined) {
          log.error('ipc.refused', { channel, refusal, url: event.senderFrame?.url });
          throw new Error('Refused.');
        }
        const isMeantForAnother = shownId !== undefined && shownId !== accounts.shown.id;
        if (contract.changesAccount === true && isMeantForAnother) return anotherAccount();
        try {
          return await answer(contract, handler, request, window);
        } catch (error) {
          // Details of a bug go to the log; the window has its own words for one.
          log.error('ipc.failed', { channel, error });
          return failed(storageFailureOf(error) ?? { kind: 'internal', message: '' });
        }
      });
    }
  }
}

/** The properties of a frame that the check needs. */
export interface Frame {
  readonly url: string;
  readonly parent: unknown;
}

/**
 * Returns the reason for refusing a message from this frame, or undefined if it comes from the main frame of a window that this
 * app opened, showing a page of this app.
 */
export function refusalOf(isOwnWindow: boolean, frame: Frame | null): string | undefined {
  if (!isOwnWindow) return 'foreign_window';
  if (frame === null) return 'no_frame';
  if (frame.parent !== null) return 'sub_frame';
  if (!isAppUrl(frame.url)) return 'foreign_page';
  return undefined;
}

/** The contract's types guarantee that each handler takes its schema's output. */
function handlerOf(handlers: CallHandlers<AppWindow>, group: string, name: string): AnyHandler {
  const handler = (handlers as unknown as Record<string, Record<string, AnyHandler>>)[group]?.[name];
  if (handler === undefined) throw new Error(`No handler for ${group}.${name}.`);
  return handler;
}

/** Runs the handler if the request fits the contract. */
async function answer(
  contract: CallContract,
  handler: AnyHandler,
  request: unknown,
  window: AppWindow,
): Promise<Outcome<unknown>> {
  const parsed = contract.request.safeParse(request);
  if (parsed.success) return await handler(parsed.data, window);
  const [issue] = parsed.error.issues;
  return failed({
    kind: 'invalid',
    code: 'invalid_request',
    field: issue?.path.join('.') ?? '',
    message: issue === undefined ? t('refusals.requestNotValid') : reasonInWords(reasonOf(issue)),
  });
}
