import type { AccountFacts, TrayFacts } from '#electron/core/tray/facts';
import { type TrayIcon, type TrayItem, type TrayChoice, trayModel } from '#electron/core/tray/model';
import type { Review } from '#shared/domain/entities';
import type { Connection } from '#shared/ipc/connection';
import { makeAccount, makeReview } from './builders';
import { TEST_SERVICE as service } from './memory-store';

/** A Thursday, on this computer's clock. */
export const NOW = new Date(2026, 0, 15, 14, 0);

export const ONLINE: Connection & { kind: 'online' } = { kind: 'online', service, since: at(15, 9, 0) };
export const UNREACHABLE: Connection & { kind: 'unreachable' } = {
  kind: 'unreachable',
  service,
  since: at(15, 13, 5),
  message: 'gone',
};
export const NO_OPERATIONS = { waiting: 0, conflicts: 0, needsConfirmation: 0 };
export const QUIET_NEVER = { snoozedUntil: null, quiet: null };
/** The connection's id of the one account. */
export const ID = 'first';

/** Returns a time in the month of {@link NOW}. */
export function at(day: number, hours: number, minutes: number): string {
  return new Date(2026, 0, day, hours, minutes).toISOString();
}

export function accountFacts(changes: Partial<AccountFacts> = {}): AccountFacts {
  return {
    id: ID,
    name: undefined,
    connection: ONLINE,
    account: makeAccount({ mode: 'manual' }),
    pendingReviews: [],
    mayAnswer: true,
    operations: NO_OPERATIONS,
    ...changes,
  };
}

export type Changes = Partial<Omit<TrayFacts, 'accounts'> & AccountFacts>;

/** The facts of a console with one account. */
export function trayFacts(changes: Changes = {}): TrayFacts {
  const { hasTray = true, notifications = QUIET_NEVER, quickSeconds = 3_600, ...ofAccount } = changes;
  return {
    nowMs: NOW.getTime(),
    hasTray,
    accounts: [accountFacts(ofAccount)],
    notifications,
    quickSeconds,
  };
}

export function iconOf(changes: Changes = {}): TrayIcon {
  return shownOf(trayFacts(changes));
}

export function shownOf(facts: TrayFacts): TrayIcon {
  const { icon } = trayModel(facts);
  if (icon === null) throw new Error('There is no icon.');
  return icon;
}

/** The menu as one reads it: `Label`, `(Label)` where it cannot be chosen, and what lies below. */
export function read(items: readonly TrayItem[]): unknown[] {
  return items.map((item) => {
    switch (item.kind) {
      case 'separator':
        return '-';
      case 'text':
        return `(${item.label})`;
      case 'choice':
        return item.label;
      case 'submenu':
        return [item.label, read(item.items)];
    }
  });
}

export function all(items: readonly TrayItem[]): readonly TrayItem[] {
  return items.flatMap((item) => (item.kind === 'submenu' ? [item, ...all(item.items)] : [item]));
}

export function choiceOf(items: readonly TrayItem[], label: string): TrayChoice | undefined {
  const found = all(items).find((item) => item.kind === 'choice' && item.label === label);
  return found?.kind === 'choice' ? found.choice : undefined;
}

/** Pending reviews, the newest first. */
export function makeReviews(count: number): readonly Review[] {
  return Array.from({ length: count }, (_, index) =>
    makeReview({
      ip: `203.0.113.${index + 1}`,
      keyName: `Key ${index + 1}`,
      count: index + 1,
      firstAt: new Date(NOW.getTime() - index * 1_000).toISOString(),
    }),
  );
}
