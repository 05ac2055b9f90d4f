import type { Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import type { Announcement } from '../../ports';
import { type Decision, isOff, type Situation } from '../decision';
import { notificationIdOf } from '../notification-id';

const ID = notificationIdOf('grant_added');
const INTERVAL_MS = 5_000;

/** The trust review let addresses in. That is not worth an announcement later, so quiet drops it. */
export function decideGrants({ facts, preferences, history }: Situation): readonly Decision[] {
  const { grants, quiet, nowMs } = facts;
  const isUnwanted = isOff('grant_added', preferences);
  const shown = history.onScreen.get(ID);
  const withdrawn =
    isUnwanted && shown !== undefined ? [{ do: 'withdraw', id: ID, reason: 'off' } as const] : [];
  const [first] = grants;
  if (first === undefined) return withdrawn;
  const subjects = grants.map(({ id }) => id);
  const reason = isUnwanted ? 'off' : quiet;
  if (reason !== null) return [...withdrawn, { do: 'drop', cause: 'grant_added', subjects, reason }];
  const untilMs = (shown?.shownAtMs ?? -Infinity) + INTERVAL_MS;
  if (nowMs < untilMs) return [{ do: 'wait', untilMs }];
  const count = (shown?.count ?? 0) + grants.length;
  const announcement = grantAnnouncement(facts.hidesDetails ? undefined : first.cidr, count);
  return [{ do: 'show', id: ID, cause: 'grant_added', announcement, subjects, count }];
}

/** Returns the newest range of the trust review; empty if there is none. Ids grow. */
export function newestGrant(ranges: Iterable<Range>): string {
  let newest = '';
  for (const { id, source } of ranges) if (source === 'automatic' && id > newest) newest = id;
  return newest;
}

function grantAnnouncement(address: string | undefined, count: number): Announcement {
  const one = address === undefined ? t('notify.grantHidden') : t('notify.grant', { address });
  return {
    title: count === 1 ? one : t('notify.grants', { count }),
    body: t('notify.grantsWhy', { count }),
    click: 'seeList',
    buttons: [],
    urgency: 'low',
    group: 'grants',
    stays: false,
  };
}
