import type { ServiceRef } from '#shared/ipc/contract';
import { isSameService } from '../sync/replica';
import type { CoreContext } from './context';

/**
 * Says so when the account that is shown has edits that its service does not have, and another account takes its place.
 * They stay on this computer, and are sent when that service is connected to again.
 */
export function tellLeftBehind(
  { replica, notices }: Pick<CoreContext, 'replica' | 'notices'>,
  service: ServiceRef,
  accountId: string,
): void {
  const { service: before, outbox } = replica;
  const unsent = outbox?.unsent ?? 0;
  if (unsent === 0 || before === null) return;
  if (replica.accountId === accountId && isSameService(before, service)) return;
  const name = before.kind === 'embedded' ? 'the service on this computer' : before.url;
  notices.add({
    id: 'edits-left-behind',
    severity: 'warning',
    title: unsent === 1 ? 'An edit was not sent' : `${unsent} edits were not sent`,
    message: `They are for ${name} and are kept on this computer. Connect to it again to send them.`,
  });
}
