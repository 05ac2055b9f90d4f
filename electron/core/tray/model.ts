import type { Account, Review } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import type { Screen } from '#shared/ipc/app';
import type { Connection } from '#shared/ipc/connection';
import type { SyncStatus } from '#shared/ipc/outbox';
import type { NotificationState, Snooze } from '#shared/ipc/notifications';
import { QUICK_WORDS, type QuickSeconds } from '#shared/ipc/quick';
import { serviceWords, toldState } from '#shared/ipc/service-words';
import { countOf, plural } from '#shared/words';
import { modeLine, reviewLabel, serviceLine, stateLine, untilWords } from './words';

/** At most this many reviews can be answered from the menu; the rest are only counted. */
export const MOST_LISTED = 5;

export interface TrayFacts {
  readonly nowMs: number;
  readonly hasTray: boolean;
  readonly connection: Connection;
  /** Null before the first connection. */
  readonly account: Account | null;
  /** The newest first. */
  readonly pendingReviews: readonly Review[];
  /** True if the access token may answer reviews. */
  readonly mayAnswer: boolean;
  readonly operations: Pick<SyncStatus, 'waiting' | 'conflicts' | 'needsConfirmation'>;
  readonly notifications: Pick<NotificationState, 'snoozedUntil' | 'quiet'>;
  /** The menu authorizes an address for this long. */
  readonly quickSeconds: QuickSeconds;
}

/**
 * `unprotected`: every address is let in. `offline`: the state is unknown, or no call is let in. `asking`: a person has to decide
 * or to act. The first that holds is shown (docs/behaviour.md 8.6.1).
 */
export type TrayImage = 'unprotected' | 'offline' | 'asking' | 'normal';

/** The action of a line of the menu. */
export type TrayChoice =
  | { readonly do: 'authorize'; readonly reviewId: string; readonly seconds: QuickSeconds }
  | { readonly do: 'deny'; readonly reviewId: string }
  | { readonly do: 'open-review'; readonly reviewId: string }
  | { readonly do: 'open-console'; readonly screen?: Screen }
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
  return { icon, badgeCount: facts.pendingReviews.length };
}

function imageFor({ account, connection, pendingReviews }: TrayFacts): TrayImage {
  const state = toldState(connection);
  if (account?.mode === 'deactivated' || state?.letsIn === true) return 'unprotected';
  if (serviceWords(state)?.isSevere === true || account?.mode === UNRECOGNISED) return 'offline';
  if (connection.kind !== 'online' && connection.kind !== 'connecting') return 'offline';
  return pendingReviews.length > 0 || serviceWords(state) !== undefined ? 'asking' : 'normal';
}

/** Some desktops show only one line, and Windows cuts it after 127 characters. */
function tooltipFor(facts: TrayFacts): string {
  const { account, connection, pendingReviews, notifications, nowMs } = facts;
  const parts = ['Gatehouse'];
  const state = stateLine(connection);
  if (state !== null) parts.push(state);
  if (account !== null) parts.push(reviewCount(pendingReviews.length), modeLine(account));
  const trouble = serviceLine(connection, nowMs);
  if (trouble !== null) parts.push(trouble);
  const { snoozedUntil } = notifications;
  if (snoozedUntil !== null) parts.push(`Paused ${untilWords(snoozedUntil, nowMs)}`);
  return parts.join(' · ');
}

function menuFor(facts: TrayFacts): readonly TrayItem[] {
  const groups = [reviewItems(facts), stateItems(facts), pauseItems(facts), appItems()];
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group, index) =>
      index === 0 ? group : [{ kind: 'separator' as const, id: `separator-${index}` }, ...group],
    );
}

function reviewItems({ account, pendingReviews, mayAnswer, quickSeconds }: TrayFacts): readonly TrayItem[] {
  if (account === null) return [];
  if (pendingReviews.length === 0) return [{ kind: 'text', id: 'count', label: reviewCount(0) }];
  const listed = pendingReviews.slice(0, MOST_LISTED);
  const more = pendingReviews.length - listed.length;
  return [
    choice('count', reviewCount(pendingReviews.length), { do: 'open-console', screen: 'pending' }),
    ...listed.map((review) => reviewItem(review, mayAnswer, quickSeconds)),
    ...(more === 0 ? [] : [choice('more', `and ${more} more…`, { do: 'open-console', screen: 'pending' })]),
  ];
}

function reviewItem(review: Review, mayAnswer: boolean, seconds: QuickSeconds): TrayItem {
  const { id: reviewId } = review;
  const id = `review-${reviewId}`;
  const label = reviewLabel(review);
  const open = { do: 'open-review', reviewId } as const;
  if (!mayAnswer) return choice(id, label, open);
  return {
    kind: 'submenu',
    id,
    label,
    items: [
      choice(`authorize-${seconds}-${reviewId}`, `Authorize for ${QUICK_WORDS[seconds]}`, {
        do: 'authorize',
        reviewId,
        seconds,
      }),
      choice(`deny-${reviewId}`, 'Deny', { do: 'deny', reviewId }),
      choice(`open-${reviewId}`, 'Open…', open),
    ],
  };
}

function stateItems({ account, connection, operations, nowMs }: TrayFacts): readonly TrayItem[] {
  const items: TrayItem[] = [];
  const state = stateLine(connection);
  if (state !== null) items.push(choice('state', state, { do: 'open-console' }));
  if (account !== null) {
    items.push(choice('mode', `Mode: ${modeLine(account)}`, { do: 'open-console', screen: 'protection' }));
  }
  const trouble = serviceLine(connection, nowMs);
  if (trouble !== null) items.push(choice('service', trouble, { do: 'open-console' }));
  const asking = operations.conflicts + operations.needsConfirmation;
  if (asking > 0) {
    const wait = plural(asking, 'waits', 'wait');
    items.push(choice('asking', `${countOf(asking, 'change')} ${wait} for you`, { do: 'open-console' }));
  }
  if (operations.waiting > 0) {
    items.push(
      choice('waiting', `${countOf(operations.waiting, 'change')} not sent yet`, { do: 'open-console' }),
    );
  }
  return items;
}

function pauseItems({ notifications, nowMs }: TrayFacts): readonly TrayItem[] {
  const { snoozedUntil, quiet } = notifications;
  if (quiet?.reason === 'off') {
    return [{ kind: 'text', id: 'paused', label: 'Notifications are turned off' }];
  }
  if (snoozedUntil !== null) {
    return [
      { kind: 'text', id: 'paused', label: `Notifications paused ${untilWords(snoozedUntil, nowMs)}` },
      choice('resume', 'Resume notifications', { do: 'resume' }),
    ];
  }
  const items = [
    choice('pause-hour', 'For 1 hour', { do: 'pause', for: 'hour' }),
    choice('pause-tomorrow', 'Until tomorrow', { do: 'pause', for: 'tomorrow' }),
  ];
  return [{ kind: 'submenu', id: 'pause', label: 'Pause notifications', items }];
}

function appItems(): readonly TrayItem[] {
  return [
    choice('console', 'Open Gatehouse', { do: 'open-console' }),
    choice('quit', 'Quit', { do: 'quit' }),
  ];
}

function choice(id: string, label: string, what: TrayChoice): TrayItem {
  return { kind: 'choice', id, label, choice: what };
}

function reviewCount(count: number): string {
  return count === 0 ? 'No pending reviews' : countOf(count, 'pending review');
}
