import type { AccountSummary } from '#shared/ipc/accounts';
import { plural } from '#shared/words';
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
    title: 'This review is not here any more',
    texts: [`It was one of ${nameOf(account, all)}, and was answered or expired.`],
  };
}

/** The words for a link whose review no account has. */
function strangeWords(all: readonly AccountSummary[]): Words {
  const title = 'No account has this review';
  if (all.length === 0) {
    const text = 'No account is connected. Connect to the one that the link is of, then open the link again.';
    return { title, texts: [text] };
  }
  const namesOf = (accounts: readonly AccountSummary[], type: Intl.ListFormatType): string =>
    new Intl.ListFormat('en-GB', { type }).format(accounts.map((account) => nameOf(account, all)));
  const texts = [
    `It is not in ${namesOf(all, 'disjunction')}. ` +
      'It was answered long ago, or the link is of an account that is not connected here.',
  ];
  const away = all.filter(({ connection }) => connection.kind !== 'online');
  if (away.length > 0) {
    const are = plural(away.length, 'is', 'are');
    texts.push(`${namesOf(away, 'conjunction')} ${are} not online, so a new review may be missing here.`);
  }
  return { title, texts };
}

/** Names an account, with its service where others are called the same. */
function nameOf({ id, name, service }: AccountSummary, all: readonly AccountSummary[]): string {
  const isShared = all.some((other) => other.id !== id && other.name === name);
  return isShared ? `“${name}” (${serviceName(service)})` : `“${name}”`;
}
