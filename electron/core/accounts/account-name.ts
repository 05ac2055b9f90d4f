import type { ServiceRef } from '#shared/ipc/connection';
import { t } from '#shared/i18n/t';
import type { CoreContext } from '../use-cases/context';

type NameableAccount = Pick<CoreContext, 'replica'>;

/** Returns the account's own name, or that of its service as long as it is not known. */
export function ownName({ replica }: NameableAccount): string {
  const { connection, service } = replica;
  return replica.view.account?.name ?? serviceName('service' in connection ? connection.service : service);
}

/** Returns a name that tells an account from the others: its own, with its service if others are called the same. */
export function accountName(account: NameableAccount, all: readonly NameableAccount[]): string {
  const name = ownName(account);
  const isShared = all.some((other) => other !== account && ownName(other) === name);
  return isShared ? `${name} (${serviceName(account.replica.service)})` : name;
}

function serviceName(service: ServiceRef | null): string {
  return service === null || service.kind === 'embedded'
    ? t('connection.thisComputer')
    : new URL(service.url).host;
}
