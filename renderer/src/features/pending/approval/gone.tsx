import { locale } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import type { AccountSummary } from '#shared/ipc/accounts';
import { serviceName } from '../../../domain/connection-words';
import { useAccounts } from '../../../stores/accounts';
import classes from './approval.module.css';
import { EndButtons, type GoOn } from './end-buttons';
import { useApprovalKeys } from './use-approval-keys';

interface GoneProps {
  readonly goOn: GoOn | null;
  /** True if the review is of the shown account; false if nobody knows of which account it is. */
  readonly isOfShown: boolean;
  readonly onClose: () => void;
}

/** Says why there is no review to show. */
export function Gone({ goOn, isOfShown, onClose }: GoneProps) {
  const list = useAccounts(({ value }) => value);
  useApprovalKeys('gone', {
    confirm: goOn?.show ?? null,
    deny: null,
    undo: null,
    chooseDuration: null,
    close: onClose,
  });
  if (list === null) return null;
  const shown = list.accounts.find(({ id }) => id === list.shownId);
  const { title, texts } =
    isOfShown && shown !== undefined ? goneWords(shown, list.accounts) : strangeWords(list.accounts);
  return (
    <div className={classes.body}>
      <h1 className={classes.title}>{title}</h1>
      {texts.map((text) => (
        <p key={text} className={classes.quiet}>
          {text}
        </p>
      ))}
      <EndButtons goOn={goOn} armed onClose={onClose} />
    </div>
  );
}

interface Words {
  readonly title: string;
  readonly texts: readonly string[];
}

function goneWords(account: AccountSummary, all: readonly AccountSummary[]): Words {
  return {
    title: t('review.goneTitle'),
    texts: [t('review.gone', { account: nameOf(account, all) })],
  };
}

/** The words for a link whose review no account has. */
function strangeWords(all: readonly AccountSummary[]): Words {
  const title = t('review.strangeTitle');
  if (all.length === 0) {
    return { title, texts: [t('review.strangeNone')] };
  }
  const namesOf = (accounts: readonly AccountSummary[], type: Intl.ListFormatType): string =>
    new Intl.ListFormat(locale(), { type }).format(accounts.map((account) => nameOf(account, all)));
  const texts = [t('review.strange', { accounts: namesOf(all, 'disjunction') })];
  const away = all.filter(({ connection }) => connection.kind !== 'online');
  if (away.length > 0) {
    texts.push(t('review.strangeAway', { count: away.length, accounts: namesOf(away, 'conjunction') }));
  }
  return { title, texts };
}

/** Names an account, with its service where others are called the same. */
function nameOf({ id, name, service }: AccountSummary, all: readonly AccountSummary[]): string {
  const isShared = all.some((other) => other.id !== id && other.name === name);
  return isShared
    ? t('review.accountAt', { name, service: serviceName(service) })
    : t('review.account', { name });
}
