import type { AccountList, AccountSummary } from '#shared/ipc/accounts';
import type { CoreContext } from '../use-cases/context';
import { ownName } from './account-name';

/** Returns the connected accounts as windows show them. */
export function accountList(accounts: readonly CoreContext[], shown: CoreContext): AccountList {
  return { accounts: accounts.flatMap(summaryOf), shownId: shown.id };
}

function summaryOf(account: CoreContext): readonly AccountSummary[] {
  const { id, replica } = account;
  const { connection } = replica;
  if (connection.kind === 'none') return [];
  const { conflicts = 0, needsConfirmation = 0 } = replica.outbox?.counts() ?? {};
  return [
    {
      id,
      name: ownName(account),
      service: connection.service,
      connection,
      openReviews: openReviewsOf(account),
      asking: conflicts + needsConfirmation,
      unsent: replica.outbox?.unsent ?? 0,
    },
  ];
}

export function openReviewsOf({ replica }: CoreContext): number {
  return replica.reviews().filter(({ status }) => status === 'pending').length;
}
