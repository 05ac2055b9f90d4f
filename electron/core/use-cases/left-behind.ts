import type { ServiceRef } from '#shared/ipc/contract';
import type { CoreContext } from './context';

type LeavingCore = Pick<CoreContext, 'replica' | 'notices'>;

/**
 * Says so when the account that is shown has edits that its service does not have, and another account takes its place.
 * They stay on this computer, and are sent when that service is connected to again.
 */
export function tellLeftBehind(
  { replica, notices }: LeavingCore,
  service: ServiceRef,
  accountId: string,
): void {
  if (!replica.isOpen(service, accountId)) tellKept({ replica, notices });
}

/** Says so when the account that is shown, and will not be any more, has edits that its service does not have. */
export function tellKept({ replica, notices }: LeavingCore): void {
  const { service: before, outbox } = replica;
  const unsent = outbox?.unsent ?? 0;
  if (unsent === 0 || before === null) return;
  const name = before.kind === 'embedded' ? 'the service on this computer' : before.url;
  notices.add({
    id: 'edits-left-behind',
    severity: 'warning',
    title: unsent === 1 ? 'An edit was not sent' : `${unsent} edits were not sent`,
    message: `They are for ${name} and are kept on this computer. Connect to it again to send them.`,
  });
}
