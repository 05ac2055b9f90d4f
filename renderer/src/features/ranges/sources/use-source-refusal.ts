import { t } from '#shared/i18n/t';
import { refusalOf } from '../../../domain/permissions';
import { useMirror } from '../../../stores/mirror';

/** Returns why sources cannot be changed now; undefined if they can. */
export function useSourceRefusal(): string | undefined {
  const lacks = useMirror((mirror) => refusalOf(mirror.account, 'authorized_ips'));
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  return lacks ?? (isOnline ? undefined : t('sources.needsService'));
}
