import type { Connection, ServiceRef } from '#shared/ipc/connection';
import { serviceWords, toldState, troubleShort } from '#shared/ipc/service-words';
import { t } from '#shared/i18n/t';
import { formatShortMoment } from '../ui/format';

export function serviceName(service: ServiceRef): string {
  if (service.kind === 'embedded') return t('connection.thisComputer');
  try {
    return new URL(service.url).host;
  } catch {
    return service.url;
  }
}

export function connectionWords(connection: Connection, nowMs: number): string {
  switch (connection.kind) {
    case 'none':
      return t('connection.none');
    case 'connecting':
      return t('connection.connecting');
    case 'online':
      return onlineWords(connection);
    case 'unreachable':
      return troubleShort(connection.trouble, formatShortMoment(connection.since, nowMs));
    case 'unauthorized':
      if (connection.code === 'token_expired') return t('connection.tokenExpired');
      if (connection.code === 'plain_address') return t('connection.plainAddress');
      if (connection.code === 'token_locked') return t('connection.tokenLocked');
      if (connection.code === 'token_waiting') return t('connection.tokenWaiting');
      return t(connection.code === 'token_missing' ? 'connection.tokenMissing' : 'connection.tokenWrong');
    case 'failed':
      return t('connection.failed');
  }
}

/** Adds the state of the service, because "Online" alone would suggest that calls are answered as usual. */
function onlineWords(connection: Connection): string {
  const told = serviceWords(toldState(connection));
  return told === undefined ? t('connection.online') : t('connection.onlineBut', { state: told.short });
}
