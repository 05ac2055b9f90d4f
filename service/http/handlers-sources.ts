import { Refusal } from '../policy/refusal';
import { addSource } from '../sources/add-source';
import { removeSource } from '../sources/remove-source';
import { askForRefresh, updateSource } from '../sources/update-source';
import { rangeOf } from '../storage/repositories/ranges';
import { sourceOf } from '../storage/repositories/sources';
import { pageWith, type CallContext, type RouteHandlers } from './route-handlers';

type SourceRoute =
  'listSources' | 'addSource' | 'updateSource' | 'removeSource' | 'refreshSource' | 'listSourceRanges';

/** Does what makes a source due, and has it read. */
async function thenRead<T>({ sources }: CallContext, work: Promise<T>): Promise<T> {
  const result = await work;
  sources.wake();
  return result;
}

export const sourceHandlers: Pick<RouteHandlers, SourceRoute> = {
  listSources: async ({ storage, principal }, { query }) =>
    pageWith(await storage.read.sources.page(principal.accountId, query), sourceOf),
  addSource: (call, { body }) => thenRead(call, addSource(call, call.principal, body)),
  updateSource: (call, { params, body }) =>
    thenRead(call, updateSource(call, call.principal, params.id, body, call.ifMatch)),
  removeSource: async (call, { params, query }) => {
    await removeSource(call, call.principal, params.id, query, call.ifMatch);
    return null;
  },
  refreshSource: async (call, { params, body }) => ({
    source: await thenRead(call, askForRefresh(call, call.principal, params.id, body)),
  }),
  listSourceRanges: async ({ storage, principal }, { params, query }) => {
    const source = await storage.read.sources.get(principal.accountId, params.id);
    if (source === undefined) {
      throw new Refusal('not_found', 'There is no source with this id.', { field: 'id' });
    }
    return pageWith(await storage.read.sources.rangesPage(source.id, query), rangeOf);
  },
};
