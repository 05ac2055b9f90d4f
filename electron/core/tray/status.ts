import { UNRECOGNISED } from '#shared/domain/told';
import { serviceWords, toldState } from '#shared/ipc/service-words';
import { t } from '#shared/i18n/t';
import { type AccountFacts, asked, type TrayFacts } from './facts';
import { modeLine, momentWords, named, reviewCount, serviceLine, stateLine } from './words';

/**
 * `unprotected`: every address is let in. `offline`: the state is unknown, or no call is let in. `asking`: a person has to decide
 * or to act. The first that holds is shown (docs/behaviour.md 8.6.1).
 */
export type TrayImage = 'unprotected' | 'offline' | 'asking' | 'normal';

/** From the one that matters most. */
const IMAGES: readonly TrayImage[] = ['unprotected', 'offline', 'asking', 'normal'];

export function imageFor({ accounts }: TrayFacts): TrayImage {
  const images = new Set(accounts.map(accountImage));
  return IMAGES.find((image) => images.has(image)) ?? 'normal';
}

function accountImage({ account, connection, pendingReviews }: AccountFacts): TrayImage {
  const state = toldState(connection);
  if (account?.mode === 'deactivated' || state?.letsIn === true) return 'unprotected';
  if (serviceWords(state)?.isSevere === true || account?.mode === UNRECOGNISED) return 'offline';
  if (connection.kind !== 'online' && connection.kind !== 'connecting') return 'offline';
  return pendingReviews.length > 0 || serviceWords(state) !== undefined ? 'asking' : 'normal';
}

/** Some desktops show only one line, and Windows cuts it here. */
const LONGEST_TOOLTIP = 127;

export function tooltipFor(facts: TrayFacts): string {
  const { accounts, notifications, nowMs } = facts;
  const parts = ['Gatehouse'];
  const lines = (lineOf: (account: AccountFacts) => string | null): readonly string[] =>
    accounts.flatMap((account) => {
      const line = lineOf(account);
      return line === null ? [] : [named(account, line)];
    });
  parts.push(...lines(({ connection }) => stateLine(connection)));
  if (accounts.some(({ account }) => account !== null)) parts.push(reviewCount(asked(facts).length));
  parts.push(
    // Of several accounts only a mode that lets everybody in is worth the room.
    ...lines(({ name, account }) =>
      account !== null && (name === undefined || account.mode === 'deactivated') ? modeLine(account) : null,
    ),
    ...lines(({ connection }) => serviceLine(connection, nowMs)),
  );
  const { snoozedUntil } = notifications;
  if (snoozedUntil !== null) parts.push(t('tray.paused', { moment: momentWords(snoozedUntil, nowMs) }));
  const tooltip = parts.join(' · ');
  return tooltip.length > LONGEST_TOOLTIP ? `${tooltip.slice(0, LONGEST_TOOLTIP - 1)}…` : tooltip;
}
