import type { ServiceRef } from '#shared/ipc/contract';
import { placeOf } from '../store/account-stores';
import type { CoreContext } from './context';

type LeavingCore = Pick<CoreContext, 'replica' | 'notices'>;

function noticeId(service: ServiceRef, accountId: string): string {
  return `edits-left-behind-${placeOf(service)}-${accountId}`;
}

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
  const { service: before, accountId, outbox } = replica;
  const unsent = outbox?.unsent ?? 0;
  if (unsent === 0 || before === null || accountId === null) return;
  const name = before.kind === 'embedded' ? 'the service on this computer' : before.url;
  notices.add({
    id: noticeId(before, accountId),
    severity: 'warning',
    title: unsent === 1 ? 'An edit was not sent' : `${unsent} edits were not sent`,
    message: `They are for ${name} and are kept on this computer. Connect to it again to send them.`,
  });
}

/** Takes back what was said once the account is shown again and its edits are with the service. Gives a function that stops it. */
export function takeBackWhenSent({ replica, notices }: LeavingCore): () => void {
  return replica.subscribe(() => {
    const { service, accountId, outbox } = replica;
    if (service === null || accountId === null || outbox === null || outbox.unsent > 0) return;
    notices.dismiss(noticeId(service, accountId));
  });
}
