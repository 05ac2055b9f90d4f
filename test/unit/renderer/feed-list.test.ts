import { beforeEach, describe, expect, it, vi } from 'vitest';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { createFeedList, type FeedList } from '../../../renderer/src/stores/feed-list';
import { ulid } from '../../component/builders';

interface Row {
  readonly id: string;
  readonly kind: string;
}
interface Page {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
}
type Filter = string | null;
interface Request {
  readonly filter: Filter;
  readonly cursor: string | null;
}

const row = (index: number, kind = 'plain'): Row => ({ id: ulid(index), kind });
const rowsFrom = (from: number, count: number): readonly Row[] =>
  Array.from({ length: count }, (_, index) => row(from + index));

let list: FeedList<Row, Filter>;
let asked: Request[];
let answer: (request: Request) => Outcome<Page>;
let gate: Promise<void>;
let news: ((rows: readonly Row[]) => void) | null;
let replaced: (() => void) | null;

const page = (items: readonly Row[], nextCursor: string | null = 'older') => succeeded({ items, nextCursor });
const tell = (...rows: readonly Row[]): void => news?.(rows);
const shown = (): readonly string[] => list.useList.getState().rows.map(({ id }) => id);
/** Holds the responses from now on back, until the given function is called. */
function holdBack(): () => void {
  let release: () => void = () => undefined;
  gate = new Promise((resolve) => {
    release = resolve;
  });
  return () => release();
}
/** Opens the list and waits until it is read. Gives what closes it. */
async function opened(): Promise<() => void> {
  const close = list.open();
  await list.reload();
  return close;
}

beforeEach(() => {
  [asked, news, replaced, gate] = [[], null, null, Promise.resolve()];
  answer = () => page([row(10)]);
  list = createFeedList<Row, Filter>({
    pageSize: 10,
    filter: null,
    matches: (filter, { kind }) => filter === null || kind === filter,
    page: async (request) => {
      asked.push(request);
      await gate;
      return answer(request);
    },
    onRows: (listener) => {
      news = (items) => listener({ items });
      return () => {
        news = null;
      };
    },
    onReplaced: (listener) => {
      replaced = listener;
      return () => {
        replaced = null;
      };
    },
  });
});

describe('a list of what the service has lost', () => {
  it('is read again, with what is there by then in the place of what was shown and held back', async () => {
    const close = await opened();
    list.follow(false);
    tell(row(11));
    answer = () => page([row(9)], null);
    replaced?.();
    await vi.waitFor(() => expect(shown()).toEqual([ulid(9)]));
    list.follow(true);
    expect(shown()).toEqual([ulid(9)]);
    close();
    expect(replaced).toBeNull();
  });
});

describe('a list that grows at its top', () => {
  it('takes new rows in, and leaves those to their page that are older than all it has', async () => {
    await opened();
    tell(row(11), row(5));
    expect(shown()).toEqual([ulid(11), ulid(10)]);
    answer = () => page([row(5)], null);
    await list.loadMore();
    tell(row(4));
    expect(shown()).toEqual([ulid(11), ulid(10), ulid(5), ulid(4)]);
  });

  it('keeps rows back while it is read, but not without end: then it starts again with the newest page', async () => {
    await opened();
    list.follow(false);
    tell(...rowsFrom(100, 5_001));
    tell(row(9_998));
    const { held, heldIncomplete } = list.useList.getState();
    expect({ held: held.length, heldIncomplete }).toEqual({ held: 5_000, heldIncomplete: true });
    answer = () => page([row(9_999)]);
    list.follow(true);
    await expect.poll(shown).toEqual([ulid(9_999)]);
    expect(list.useList.getState()).toMatchObject({ held: [], heldIncomplete: false });
  });

  it('starts again with the newest page when it has grown too long', async () => {
    await opened();
    tell(...rowsFrom(100, 4_999));
    const before = asked.length;
    tell(row(9_999));
    expect(asked.slice(before)).toMatchObject([{ cursor: null }]);
  });

  it('has no doubles of what came during the request', async () => {
    await opened();
    const letGo = holdBack();
    const reading = list.reload();
    tell(row(10), row(11), row(11));
    letGo();
    await reading;
    expect(shown()).toEqual([ulid(11), ulid(10)]);
  });

  it('reads on past pages in which nothing fits', async () => {
    answer = ({ cursor }) => (cursor === null ? page([]) : page([row(1)], null));
    await opened();
    expect(asked.slice(-2).map(({ cursor }) => cursor)).toEqual([null, 'older']);
    expect(shown()).toEqual([ulid(1)]);
  });

  it('does not read on once it is left', async () => {
    const close = await opened();
    answer = ({ cursor }) => page([], cursor === null ? 'older' : null);
    const letGo = holdBack();
    const reading = list.reload();
    const before = asked.length;
    close();
    letGo();
    await reading;
    expect(asked).toHaveLength(before);
    expect(news).toBeNull();
  });

  it('does not show an answer to an earlier filter under a later one', async () => {
    answer = ({ filter }) => page([row(filter === null ? 1 : 2, filter ?? 'plain')]);
    const letFirst = holdBack();
    const first = list.reload();
    gate = Promise.resolve();
    list.setFilter('other');
    await expect.poll(shown).toEqual([ulid(2)]);
    letFirst();
    await first;
    expect(shown()).toEqual([ulid(2)]);
  });

  it('says why it or the rest of it cannot be read, and keeps what it has', async () => {
    await opened();
    answer = () => failed({ kind: 'unreachable', message: 'refused' });
    await list.loadMore();
    expect(list.useList.getState()).toMatchObject({
      status: 'ready',
      loadingMore: false,
      moreFailure: { kind: 'unreachable' },
    });
    expect(shown()).toEqual([ulid(10)]);
    await list.reload();
    expect(list.useList.getState()).toMatchObject({ status: 'failed', failure: { kind: 'unreachable' } });
  });
});

describe('a list of more rows than are kept in memory', () => {
  const ALL = 5_000;
  /** Row `index` of the whole list, newest first. */
  const idAt = (index: number): string => ulid(ALL - index);
  const whole = ({ cursor }: Request): Outcome<Page> => {
    const from = cursor === null ? 0 : Number(cursor);
    const to = Math.min(ALL, from + 10);
    const items = Array.from({ length: to - from }, (_, index) => row(ALL - from - index));
    return page(items, to === ALL ? null : String(to));
  };
  const state = () => list.useList.getState();
  const expectInPlace = (): void => {
    const { rows, above } = state();
    expect(rows.length).toBeLessThanOrEqual(2_000);
    expect(rows.map(({ id }) => id)).toEqual(rows.map((_, index) => idAt(above + index)));
  };

  beforeEach(async () => {
    answer = whole;
    await opened();
    list.follow(false);
    while (state().nextCursor !== null) await list.loadMore();
  });

  it('keeps the last pages on the way down, and each row in its place', () => {
    expect(state()).toMatchObject({ above: ALL - 2_000 });
    expectInPlace();
  });

  it('brings the pages back on the way up, and loads down again from where it was cut', async () => {
    while (state().above > 0) {
      const { above } = state();
      await list.loadNewer();
      expect(state().above).toBe(above - 10);
      expectInPlace();
    }
    expect(state()).toMatchObject({ droppedPages: 0, nextCursor: '2000' });
    await list.loadMore();
    expect(state().above).toBe(10);
    expectInPlace();
  });

  it('takes a change of a dropped row for no news, and new rows for news', () => {
    tell(row(ALL - 1), row(ALL + 5));
    expect(state().held.map(({ id }) => id)).toEqual([ulid(ALL + 5)]);
  });

  it('begins anew at its top when it is followed again', async () => {
    list.follow(true);
    await expect.poll(() => state().above).toBe(0);
    expect(shown()).toEqual(Array.from({ length: 10 }, (_, index) => idAt(index)));
  });

  it('brings back a page that live rows have joined', async () => {
    list.reset();
    await opened();
    tell(...rowsFrom(ALL + 1, 25));
    list.follow(false);
    while (state().above === 0) await list.loadMore();
    expect(state().above).toBe(35);
    answer = ({ cursor }) =>
      cursor === null
        ? page(
            Array.from({ length: 10 }, (_, index) => row(ALL + 25 - index)),
            'live',
          )
        : cursor === 'live'
          ? page(
              Array.from({ length: 25 }, (_, index) => row(ALL + 15 - index)),
              '10',
            )
          : whole({ filter: null, cursor });
    await list.loadNewer();
    expect(state()).toMatchObject({ above: 0, droppedPages: 0 });
    expect(shown().slice(0, 36)).toEqual(Array.from({ length: 36 }, (_, index) => ulid(ALL + 25 - index)));
  });
});
