import type { Screen } from '#shared/ipc/screens';
import type { Snooze } from '#shared/ipc/notifications';
import type { QuickSeconds } from '#shared/ipc/quick';
import { t } from '#shared/i18n/t';
import { type AccountFacts, type Asked, asked, type TrayFacts } from './facts';
import { imageFor, tooltipFor, type TrayImage } from './status';
import {
  modeLine,
  momentWords,
  named,
  reviewCount,
  reviewLabel,
  serviceLine,
  shortName,
  stateLine,
} from './words';

export type { TrayImage };

/** At most this many reviews can be answered from the menu; the rest are only counted. */
export const MOST_LISTED = 5;

/** The action of a line of the menu; `account` is the connection's id of the account that it is about. */
export type TrayChoice =
  | {
      readonly do: 'authorize';
      readonly account: string;
      readonly reviewId: string;
      readonly seconds: QuickSeconds;
    }
  | { readonly do: 'deny'; readonly account: string; readonly reviewId: string }
  | { readonly do: 'open-review'; readonly account: string; readonly reviewId: string }
  | { readonly do: 'open-console'; readonly account?: string; readonly screen?: Screen }
  | { readonly do: 'pause'; readonly for: Snooze }
  | { readonly do: 'resume' }
  | { readonly do: 'quit' };

/** A line of the menu. Ids are unique in a menu, and stay while the line's meaning stays. */
export type TrayItem =
  | { readonly kind: 'separator'; readonly id: string }
  /** This line cannot be chosen. */
  | { readonly kind: 'text'; readonly id: string; readonly label: string }
  | { readonly kind: 'choice'; readonly id: string; readonly label: string; readonly choice: TrayChoice }
  | {
      readonly kind: 'submenu';
      readonly id: string;
      readonly label: string;
      readonly items: readonly TrayItem[];
    };

export interface TrayIcon {
  readonly image: TrayImage;
  readonly tooltip: string;
  readonly menu: readonly TrayItem[];
}

export interface TrayModel {
  /** Null if the desktop shows no tray. */
  readonly icon: TrayIcon | null;
  /** The number on the app's own icon; 0 for none. */
  readonly badgeCount: number;
}

export function trayModel(facts: TrayFacts): TrayModel {
  const icon = facts.hasTray
    ? { image: imageFor(facts), tooltip: tooltipFor(facts), menu: menuFor(facts) }
    : null;
  return { icon, badgeCount: asked(facts).length };
}

function menuFor(facts: TrayFacts): readonly TrayItem[] {
  const states = facts.accounts.map((account) => stateItems(account, facts.nowMs));
  const groups = [reviewItems(facts), ...states, pauseItems(facts), appItems()];
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group, index) =>
      index === 0 ? group : [{ kind: 'separator' as const, id: `separator-${index}` }, ...group],
    );
}

function reviewItems(facts: TrayFacts): readonly TrayItem[] {
  if (facts.accounts.every(({ account }) => account === null)) return [];
  const all = asked(facts);
  const [newest] = all;
  if (newest === undefined) return [{ kind: 'text', id: 'count', label: reviewCount(0) }];
  const listed = all.slice(0, MOST_LISTED);
  const openPending = { do: 'open-console', account: newest.of.id, screen: 'pending' } as const;
  const more = all.length - listed.length;
  return [
    choice('count', reviewCount(all.length), openPending),
    ...listed.map((each) => reviewItem(each, facts.quickSeconds)),
    ...(more === 0 ? [] : [choice('more', t('tray.more', { number: more }), openPending)]),
  ];
}

function reviewItem({ review, of }: Asked, seconds: QuickSeconds): TrayItem {
  const about = { account: of.id, reviewId: review.id };
  const id = `review-${review.id}`;
  const label =
    of.name === undefined ? reviewLabel(review) : `${reviewLabel(review)} · ${shortName(of.name)}`;
  const open = { do: 'open-review', ...about } as const;
  if (!of.mayAnswer) return choice(id, label, open);
  return {
    kind: 'submenu',
    id,
    label,
    items: [
      choice(
        `authorize-${seconds}-${review.id}`,
        t('tray.authorizeFor', { duration: t(`words.quick_${seconds}`) }),
        {
          do: 'authorize',
          ...about,
          seconds,
        },
      ),
      choice(`deny-${review.id}`, t('tray.deny'), { do: 'deny', ...about }),
      choice(`open-${review.id}`, t('tray.open'), open),
    ],
  };
}

function stateItems(facts: AccountFacts, nowMs: number): readonly TrayItem[] {
  const { id, name, account, connection, operations } = facts;
  const items: TrayItem[] = [];
  const add = (what: string, line: string, chosen: TrayChoice): void => {
    // Ids of a menu are unique.
    items.push(choice(name === undefined ? what : `${what}-${id}`, named(facts, line), chosen));
  };
  const open = { do: 'open-console', account: id } as const;
  const state = stateLine(connection);
  if (state !== null) add('state', state, open);
  if (account !== null)
    add('mode', t('tray.modeIs', { mode: modeLine(account) }), {
      do: 'open-console',
      account: id,
      screen: 'protection',
    });
  const trouble = serviceLine(connection, nowMs);
  if (trouble !== null) add('service', trouble, open);
  const asking = operations.conflicts + operations.needsConfirmation;
  if (asking > 0) add('asking', t('tray.waitsForYou', { count: asking }), open);
  if (operations.waiting > 0) add('waiting', t('tray.notSent', { count: operations.waiting }), open);
  return items;
}

function pauseItems({ notifications, nowMs }: TrayFacts): readonly TrayItem[] {
  const { snoozedUntil, quiet } = notifications;
  if (quiet?.reason === 'off') {
    return [{ kind: 'text', id: 'paused', label: t('tray.notificationsOff') }];
  }
  if (snoozedUntil !== null) {
    return [
      {
        kind: 'text',
        id: 'paused',
        label: t('tray.notificationsPaused', { moment: momentWords(snoozedUntil, nowMs) }),
      },
      choice('resume', t('tray.resume'), { do: 'resume' }),
    ];
  }
  const items = [
    choice('pause-hour', t('tray.pauseHour'), { do: 'pause', for: 'hour' }),
    choice('pause-tomorrow', t('tray.pauseTomorrow'), { do: 'pause', for: 'tomorrow' }),
  ];
  return [{ kind: 'submenu', id: 'pause', label: t('tray.pause'), items }];
}

function appItems(): readonly TrayItem[] {
  return [
    choice('console', t('tray.openConsole'), { do: 'open-console' }),
    choice('quit', t('tray.quit'), { do: 'quit' }),
  ];
}

function choice(id: string, label: string, what: TrayChoice): TrayItem {
  return { kind: 'choice', id, label, choice: what };
}
