import { t } from '#shared/i18n/t';
import { serviceName } from '../../domain/connection-words';
import { useAccounts } from '../../stores/accounts';
import classes from './account-line.module.css';

/** Names the shown account in a window without navigation, as long as there are others. */
export function AccountLine() {
  const list = useAccounts(({ value }) => value);
  const shown = list?.accounts.find(({ id }) => id === list.shownId);
  if (list === null || shown === undefined || list.accounts.length === 1) return null;
  return (
    <header className={classes.line}>
      {t('frame.accountIs')} <b>{shown.name}</b> · {serviceName(shown.service)}
    </header>
  );
}
