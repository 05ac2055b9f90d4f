import { countOf, plural } from '#shared/words';
import type { Announcement } from '../../ports';
import { notificationIdOf } from '../notification-id';
import type { Provider } from '../decision';

const ID = notificationIdOf('grant_added');
const INTERVAL_MS = 5_000;

/** The trust review let addresses in. That is not worth an announcement later, so quiet drops it. */
export const decideGrants: Provider = (facts, preferences, history) => {
  const { grants, quiet, nowMs } = facts;
  const isOff = !preferences.enabled || !preferences.causes.grant_added;
  const shown = history.onScreen.get(ID);
  const withdrawn = isOff && shown !== undefined ? [{ do: 'withdraw', id: ID, reason: 'off' } as const] : [];
  const [first] = grants;
  if (first === undefined) return withdrawn;
  const subjects = grants.map(({ id }) => id);
  const reason = isOff ? 'off' : quiet;
  if (reason !== null) return [...withdrawn, { do: 'drop', cause: 'grant_added', subjects, reason }];
  const untilMs = (shown?.shownAtMs ?? -Infinity) + INTERVAL_MS;
  if (nowMs < untilMs) return [{ do: 'wait', untilMs }];
  const count = (shown?.count ?? 0) + grants.length;
  const announcement = grantAnnouncement(facts.hidesDetails ? 'an address' : first.cidr, count);
  return [{ do: 'show', id: ID, cause: 'grant_added', announcement, subjects, count }];
};

const grantAnnouncement = (what: string, count: number): Announcement => ({
  title: plural(count, `Let in: ${what}`, `Let in: ${countOf(count, 'range')}`),
  body: `The trust review added ${plural(count, 'it', 'them')} to the authorized IPs.`,
  click: 'see the list',
  buttons: [],
  urgency: 'low',
  group: 'grants',
  stays: false,
});
