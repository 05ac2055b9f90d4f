import type { Range } from '#shared/domain/entities';
import type { Source } from '#shared/domain/source';
import { waitFor } from '../wait-for';
import type { Answer, TestService } from './test-service';

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** The sources of a service, as a caller of its API sees them. */
export function sourcesOf(service: TestService) {
  const all = async (): Promise<readonly Source[]> =>
    ((await service.api('/v1/sources')).json as Page<Source>).items;
  const api = {
    add: async (body: object): Promise<Source> => {
      const answer = await service.api('/v1/sources', { body });
      if (answer.status !== 201) throw new Error(`the source was not added: ${answer.text}`);
      return (answer.json as { source: Source }).source;
    },
    change: (id: string, body: object, headers = {}): Promise<Answer> =>
      service.api(`/v1/sources/${id}`, { method: 'PATCH', body, headers }),
    remove: (id: string): Promise<Answer> => service.api(`/v1/sources/${id}`, { method: 'DELETE' }),
    refresh: (id: string, body: object = {}): Promise<Answer> =>
      service.api(`/v1/sources/${id}/refresh`, { body }),
    get: async (id: string): Promise<Source> => {
      const source = (await all()).find((each) => each.id === id);
      if (source === undefined) throw new Error(`there is no source ${id}`);
      return source;
    },
    all,
    /** Resolves with the source once it has been tried after `before`. */
    tried: (id: string, before: string | null = null): Promise<Source> =>
      waitFor('the source to be read', async () => {
        const source = await api.get(id);
        const isTried = source.lastTriedAt !== null && source.lastTriedAt !== before;
        return isTried && source;
      }),
    ranges: async (id: string): Promise<readonly Range[]> => {
      const found: Range[] = [];
      let cursor = '';
      for (;;) {
        const answer = await service.api(`/v1/sources/${id}/ranges?limit=1000${cursor}`);
        const page = answer.json as Page<Range>;
        found.push(...page.items);
        if (page.nextCursor === null) return found;
        cursor = `&cursor=${page.nextCursor}`;
      }
    },
    networks: async (id: string): Promise<readonly string[]> =>
      (await api.ranges(id)).map(({ cidr }) => cidr).sort(),
    list: async (): Promise<readonly Range[]> =>
      ((await service.api('/v1/ranges?limit=1000')).json as Page<Range>).items,
  };
  return api;
}
