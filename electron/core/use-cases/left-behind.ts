import type { ServiceRef } from '#shared/ipc/connection';
import { t } from '#shared/i18n/t';
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
  notices.add({
    id: noticeId(before, accountId),
    severity: 'warning',
    words: () => ({
      title: t('notices.leftBehindTitle', { count: unsent }),
      message: t('notices.leftBehind', {
        name: before.kind === 'embedded' ? t('notices.serviceHere') : before.url,
      }),
    }),
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
