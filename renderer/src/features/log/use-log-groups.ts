import { useCallback, useEffect, useState } from 'react';
import type { Failure } from '#shared/ipc/failure';
import type { GroupField, LogFilter, LogGroup } from '#shared/ipc/log';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { useLog } from '../../stores/log';
import { followLog } from '../../stores/log-figures';

interface Groups {
  readonly groups: readonly LogGroup[];
  readonly isMore: boolean;
  readonly failure: Failure | null;
}

interface FoundGroups extends Groups {
  readonly of: LogFilter;
  readonly by: GroupField;
}

const PAGE = 100;

/** Loads the groups of the filtered log, those with the most calls first. Null as long as none are known. */
export function useLogGroups(by: GroupField): {
  readonly found: Groups | null;
  readonly loadMore: () => void;
} {
  const filter = useLog((log) => log.filter);
  const [latest, setLatest] = useState<FoundGroups | null>(null);
  const found = latest?.by === by ? latest : null;
  useEffect(
    () =>
      followLog(
        (wanted) => pageOf(wanted, by, 0),
        // A list that somebody scrolled down stays as it is until the filter changes.
        (first) => setLatest((now) => (isScrolled(now, first) ? now : first)),
      ),
    [by],
  );
  const loadMore = useCallback(() => {
    if (found === null || !found.isMore || found.of !== filter) return;
    const { of, groups } = found;
    void pageOf(of, by, groups.length).then((next) => {
      setLatest((now) => (now === found ? { ...next, groups: [...groups, ...next.groups] } : now));
    });
  }, [by, found, filter]);
  return { found, loadMore };
}

function isScrolled(now: FoundGroups | null, { of, by }: FoundGroups): boolean {
  return now !== null && now.of === of && now.by === by && now.groups.length > PAGE;
}

async function pageOf(filter: LogFilter, by: GroupField, offset: number): Promise<FoundGroups> {
  const outcome = await settle(() => bridge().calls.log.groups({ filter, by, offset, limit: PAGE }));
  return outcome.ok
    ? { of: filter, by, groups: outcome.value.groups, isMore: outcome.value.isMore, failure: null }
    : { of: filter, by, groups: [], isMore: false, failure: outcome.failure };
}
