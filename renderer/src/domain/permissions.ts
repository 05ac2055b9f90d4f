import type { Account } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { type Ability, may } from '../stores/mirror-model';
import { permissionName } from './failures';

/** Returns the reason why the access token does not allow it; undefined if it does. */
export function refusalOf(account: Account | null, ability: Ability): string | undefined {
  if (may(account, ability)) return undefined;
  return ability === 'owner'
    ? t('words.ownersOnly')
    : t('words.lacksPermission', { permission: permissionName(ability) });
}
