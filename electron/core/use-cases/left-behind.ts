import type { ServiceRef } from '#shared/ipc/connection';
import { formatCount, plural } from '#shared/words';
import { folderNameOf } from '../store/account-stores';
import type { CoreContext } from './context';

type LeavingCore = Pick<CoreContext, 'replica' | 'notices'>;

function noticeId(service: ServiceRef, accountId: string): string {
  return `operations-left-behind-${folderNameOf(service)}-${accountId}`;
}

/**
 * Adds a notice if the account has unsent operations and another account of its service replaces it. They stay on this computer,
 * and are sent when that account is connected again.
 */
export function tellLeftBehind(
  { replica, notices }: LeavingCore,
  service: ServiceRef,
  accountId: string,
): void {
  if (!replica.isOpen(service, accountId)) tellKept({ replica, notices });
}

/** Adds a notice if the account that is being closed has unsent operations. */
export function tellKept({ replica, notices }: LeavingCore): void {
  const { service: before, accountId, outbox } = replica;
  const unsent = outbox?.unsent ?? 0;
  if (unsent === 0 || before === null || accountId === null) return;
  const name = before.kind === 'embedded' ? 'the service on this computer' : before.url;
  notices.add({
    id: noticeId(before, accountId),
    severity: 'warning',
    title: plural(unsent, 'A change was not sent', `${formatCount(unsent)} changes were not sent`),
    message: `They are for ${name} and are kept on this computer. Connect to it again to send them.`,
  });
}

/** Dismisses that notice once the account is shown again and its operations are sent. Returns a function that stops it. */
export function takeBackWhenSent({ replica, notices }: LeavingCore): () => void {
  return replica.subscribe(() => {
    const { service, accountId, outbox } = replica;
    if (service === null || accountId === null || outbox === null || outbox.unsent > 0) return;
    notices.dismiss(noticeId(service, accountId));
  });
}
