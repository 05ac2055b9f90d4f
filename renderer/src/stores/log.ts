import { attemptMatches } from '#shared/domain/attempt-filter';
import type { Attempt } from '#shared/domain/entities';
import type { LogFilter } from '#shared/ipc/log';
import { bridge } from '../bridge/bridge';
import { createFeedList } from './feed-list';

/** The part of the log around the viewport, with new attempts. */
export const logList = createFeedList<Attempt, LogFilter>({
  pageSize: 200,
  filter: {},
  matches: attemptMatches,
  page: (request) => bridge().calls.log.page(request),
  onRows: (listener) => bridge().events.log.changed(listener),
  onReplaced: (listener) => bridge().events.log.replaced(listener),
});

export const useLog = logList.useList;
