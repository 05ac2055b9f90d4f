import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemAuthor } from '#service/policy/context';
import type { WriteContext, Writer } from '#service/storage/writer';
import { addSource } from '#service/sources/add-source';
import { createListFetcher } from '#service/sources/fetch-list';
import type { RefreshOutcome } from '#service/sources/refresh-outcome';
import { refreshSource } from '#service/sources/refresh-source';
import { updateSource } from '#service/sources/update-source';
import { LEASE_MS } from '#service/sources/write-ranges';
import { FeedHub } from '#service/storage/feed-hub';
import type { RangeRow } from '#service/storage/repositories/ranges';
import { addSourceBody } from '#shared/api/routes-sources';
import { startListServer, type ListServer } from '#test/support/service/list-server';
import { quietContext } from '#test/support/service/quiet-context';
import { silent, useRecorders } from '#test/support/service/recorder-world';

/** More than two transactions write. */
const MANY = Array.from({ length: 600 }, (_, n) => `10.0.${n >> 8}.${n & 255}/32`);
const FEW = ['203.0.113.0/24'];

describe('a source whose server says that the list is the same', () => {
  const { world, clock } = useRecorders();
  let server: ListServer;
  /** Pages of its ranges that were read. */
  let pagesRead = 0;
  beforeEach(async () => {
    server = await startListServer();
  });
  afterEach(() => server.close());

  /** Answers as servers do that know what the caller has. */
  const serve = (list: readonly string[]): void => {
    const etag = `"${list.length}"`;
    server.serve((request, response) => {
      const isKnown = request.headers['if-none-match'] === etag;
      response.writeHead(isKnown ? 304 : 200, { etag }).end(isKnown ? undefined : list.join('\n'));
    });
  };
  /** A process of the service, which ends after so many writes. */
  const processOf = (writesLeft = Infinity) => {
    const { storage, directory, writer } = world;
    const { read } = storage;
    const ranges: typeof read.sources.ranges = (...args) => {
      pagesRead += 1;
      return read.sources.ranges(...args);
    };
    let left = writesLeft;
    const write = <T>(work: (context: WriteContext) => Promise<T>): Promise<T> => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('the process has ended')) : writer.write(work);
    };
    return {
      ...quietContext,
      storage: { ...storage, read: { ...read, sources: { ...read.sources, ranges } } },
      directory,
      writer: { ...writer, write } satisfies Writer,
      hub: new FeedHub(),
      clock,
      learningWindowMs: 60_000,
    };
  };
  const author = () => systemAuthor(world.policy.id);
  const add = async (list: readonly string[]): Promise<string> => {
    serve(list);
    const request = addSourceBody.parse({ kind: 'url', spec: { url: server.url }, minSharePercent: 0 });
    const { source } = await addSource(processOf(), author(), request);
    return source.id;
  };
  /** Reads the source once it is due, whoever was at it before. */
  const refresh = async (context = processOf()): Promise<RefreshOutcome> => {
    clock.advance(LEASE_MS + 24 * 3_600_000);
    const row = await world.writer.write(({ tx, now }) => tx.sources.claim(now, 'lease', LEASE_MS));
    if (row === undefined) throw new Error('no source is due');
    pagesRead = 0;
    const options = {
      context,
      log: silent,
      fetchList: createListFetcher({ mayConnect: () => true }),
      resolveName: () => Promise.reject(new Error('no source has a name')),
      geolocations: { files: () => ({ country: null, asn: null }) },
      random: () => 0,
    };
    return refreshSource(options, { ...row, lease: 'lease' }, new AbortController().signal);
  };
  const rowsOf = (id: string): Promise<readonly RangeRow[]> =>
    world.storage.read.sources.ranges(id, '', 10_000);
  const networksOf = async (id: string): Promise<readonly string[]> =>
    (await rowsOf(id)).map(({ cidr }) => cidr).sort();

  it('keeps its ranges, of which none is read', async () => {
    const id = await add(MANY);
    expect(await refresh()).toBe('changed');
    expect(await refresh()).toBe('unchanged');
    expect(pagesRead).toBe(0);
    expect(server.requests.at(-1)?.headers['if-none-match']).toBe('"600"');
    expect(await networksOf(id)).toEqual([...MANY].sort());
    const source = await world.storage.read.sources.get(world.policy.id, id);
    expect(source).toMatchObject({ range_count: 600, status: 'ok', lease: null });

    await updateSource(processOf(), author(), id, { effect: 'deny' }, undefined);
    expect(await refresh()).toBe('unchanged');
    expect(pagesRead).toBe(0);
  });

  it('has all ranges of an edit that was cut', async () => {
    const id = await add(MANY);
    await refresh();
    // The source and some of its ranges.
    const edit = updateSource(processOf(2), author(), id, { effect: 'deny' }, undefined);
    await expect(edit).rejects.toThrow('ended');
    expect(new Set((await rowsOf(id)).map(({ effect }) => effect))).toEqual(new Set(['authorize', 'deny']));
    await refresh();
    expect(new Set((await rowsOf(id)).map(({ effect }) => effect))).toEqual(new Set(['deny']));
  });

  it('has none of a refresh that was cut before the list became the old one again', async () => {
    const id = await add(FEW);
    await refresh();
    serve(MANY);
    await expect(refresh(processOf(1))).rejects.toThrow('ended');
    expect((await rowsOf(id)).length).toBeGreaterThan(1);
    serve(FEW);
    await refresh();
    expect(await networksOf(id)).toEqual(FEW);
  });
});
