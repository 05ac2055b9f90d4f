import { create } from 'zustand';
import { auditMatches } from '#shared/domain/audit-filter';
import type { AuditEvent } from '#shared/domain/entities';
import type { AuditFilter, AuditPage } from '#shared/ipc/contract';
import type { Failure, Outcome } from '#shared/ipc/failure';
import { bridge } from '../bridge/bridge';
import { settle } from '../bridge/call';

const PAGE_SIZE = 100;

interface ActivityState {
  readonly filter: AuditFilter;
  /** `loading`: the first page for this filter is on its way; events of the filter before stay until it is here. */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly failure: Failure | null;
  /** Newest first. */
  readonly events: readonly AuditEvent[];
  /** New ones that are kept back so that nothing moves under the reader's eyes. */
  readonly held: readonly AuditEvent[];
  readonly nextCursor: string | null;
  readonly loadingMore: boolean;
  readonly moreFailure: Failure | null;
  /** Whether new events appear by themselves: at the top, with nothing selected. */
  readonly following: boolean;
}

export const useActivity = create<ActivityState>(() => ({
  filter: {},
  status: 'idle',
  failure: null,
  events: [],
  held: [],
  nextCursor: null,
  loadingMore: false,
  moreFailure: null,
  following: true,
}));

/** Counts the questions asked, so that an answer to an earlier filter is not shown under a later one. */
let generation = 0;
let arrivedWhileLoading: AuditEvent[] = [];

/** A page with something in it, or the last one: where a filter fits little, some pages in between are empty. */
async function fetchPage(
  filter: AuditFilter,
  cursor: string | null,
  asked: number,
): Promise<Outcome<AuditPage>> {
  let outcome = await settle(() => bridge().calls.audit.page({ filter, cursor, limit: PAGE_SIZE }));
  while (outcome.ok && outcome.value.items.length === 0 && outcome.value.nextCursor !== null) {
    if (asked !== generation) return outcome;
    const { nextCursor } = outcome.value;
    outcome = await settle(() => bridge().calls.audit.page({ filter, cursor: nextCursor, limit: PAGE_SIZE }));
  }
  return outcome;
}

/** One list without doubles, newest first. What has happened never changes. */
function merged(known: readonly AuditEvent[], incoming: readonly AuditEvent[]): readonly AuditEvent[] {
  const ids = new Set(known.map(({ id }) => id));
  const fresh = incoming.filter(({ id }) => !ids.has(id));
  return fresh.length === 0 ? known : [...known, ...fresh].sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** Loads the newest page and shows it in place of what was there. */
export async function reloadActivity(): Promise<void> {
  generation += 1;
  const asked = generation;
  useActivity.setState({ status: 'loading', failure: null, loadingMore: false, moreFailure: null });
  const { filter } = useActivity.getState();
  const outcome = await fetchPage(filter, null, asked);
  if (asked !== generation) return;
  if (!outcome.ok) {
    useActivity.setState({ status: 'failed', failure: outcome.failure });
    return;
  }
  const { items, nextCursor } = outcome.value;
  const live = arrivedWhileLoading.filter((event) => auditMatches(filter, event));
  arrivedWhileLoading = [];
  useActivity.setState({ status: 'ready', events: merged(items, live), held: [], nextCursor });
}

/** Loads the page below what is shown. Does nothing while one is on its way or when there is none. */
export async function loadMoreActivity(): Promise<void> {
  const { status, filter, nextCursor, loadingMore } = useActivity.getState();
  if (status !== 'ready' || loadingMore || nextCursor === null) return;
  const asked = generation;
  useActivity.setState({ loadingMore: true, moreFailure: null });
  const outcome = await fetchPage(filter, nextCursor, asked);
  if (asked !== generation) return;
  if (outcome.ok) {
    const { items, nextCursor: next } = outcome.value;
    useActivity.setState(({ events }) => ({
      events: merged(events, items),
      nextCursor: next,
      loadingMore: false,
    }));
  } else useActivity.setState({ loadingMore: false, moreFailure: outcome.failure });
}

export function setActivityFilter(filter: AuditFilter): void {
  useActivity.setState({ filter, following: true });
  void reloadActivity();
}

/** The reader is at the top with nothing selected, or is not; on return the held events appear. */
export function followActivity(following: boolean): void {
  useActivity.setState(({ events, held }) =>
    following ? { following, events: merged(events, held), held: [] } : { following },
  );
}

function receive(items: readonly AuditEvent[]): void {
  const { status, filter, following, events, held } = useActivity.getState();
  if (status === 'loading') arrivedWhileLoading.push(...items);
  if (status !== 'ready') return;
  const known = new Set(events.map(({ id }) => id));
  const fresh = items.filter((event) => !known.has(event.id) && auditMatches(filter, event));
  useActivity.setState(following ? { events: merged(events, fresh) } : { held: merged(held, fresh) });
}

/** Subscribes first and then loads, so that nothing is missed between. Gives a function that stops it. */
export function openActivity(): () => void {
  const unsubscribe = bridge().events.audit.added(({ items }) => receive(items));
  useActivity.setState({ following: true, held: [] });
  void reloadActivity();
  return unsubscribe;
}

export function resetActivity(): void {
  generation += 1;
  arrivedWhileLoading = [];
  useActivity.setState(useActivity.getInitialState(), true);
}
