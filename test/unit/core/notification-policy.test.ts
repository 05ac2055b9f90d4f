import { describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { contentOf, summaryOf } from '#electron/core/notify/content';
import { decide, type History, MOST_OPEN, SUMMARY_INTERVAL_MS } from '#electron/core/notify/policy';
import { makeReview } from '#test/support/console/builders';

const NOW_MS = 1_000_000;
const NOTHING_SAID: History = {
  announced: new Set(),
  open: new Set(),
  summarised: null,
  summarisedAtMs: null,
};

const decisions = (reviews: readonly Review[], history: Partial<History> = {}, enabled = true) =>
  decide({ nowMs: NOW_MS, reviews }, { enabled }, { ...NOTHING_SAID, ...history });
const several = (count: number): readonly Review[] => Array.from({ length: count }, () => makeReview());
const idsOf = (reviews: readonly Review[]): readonly string[] => reviews.map(({ id }) => id);

describe('one question', () => {
  const review = makeReview();

  it.each([
    ['pending, unknown', review, {}, ['show']],
    ['pending, untrusted', { ...review, reason: 'untrusted' }, {}, ['show']],
    ['pending for another reason', { ...review, reason: 'denied' }, {}, []],
    ['announced before', review, { announced: new Set([review.id]) }, []],
    ['on the screen already', review, { announced: new Set([review.id]), open: new Set([review.id]) }, []],
    ...(['authorized', 'denied', 'superseded', 'expired'] as const).flatMap(
      (status): [string, Review, Partial<History>, string[]][] => [
        [`${status} meanwhile`, { ...review, status }, { open: new Set([review.id]) }, ['withdraw']],
        [`${status} before it was seen`, { ...review, status }, {}, []],
      ],
    ),
  ] as [string, Review, Partial<History>, string[]][])('%s', (_name, question, history, expected) => {
    expect(decisions([question], history).map((decision) => decision.do)).toEqual(expected);
  });

  it('that is gone is withdrawn', () => {
    expect(decisions([], { open: new Set(['gone']) })).toEqual([
      { do: 'withdraw', reviewId: 'gone', reason: 'answered' },
    ]);
  });
});

describe('many questions', () => {
  it('are shown one by one up to the bound', () => {
    expect(decisions(several(MOST_OPEN)).map((decision) => decision.do)).toEqual(
      Array.from({ length: MOST_OPEN }, () => 'show'),
    );
  });

  it('become one summary above it', () => {
    const reviews = several(MOST_OPEN + 1);
    expect(decisions(reviews)).toEqual([
      { do: 'summarise', reviewIds: idsOf(reviews), fresh: idsOf(reviews) },
    ]);
  });

  it('take those on the screen into the summary', () => {
    const shown = several(MOST_OPEN);
    const fresh = makeReview();
    const history = { announced: new Set(idsOf(shown)), open: new Set(idsOf(shown)) };
    expect(decisions([...shown, fresh], history)).toEqual([
      ...shown.map(({ id }) => ({ do: 'withdraw', reviewId: id, reason: 'summarised' })),
      { do: 'summarise', reviewIds: [...idsOf(shown), fresh.id], fresh: [fresh.id] },
    ]);
  });

  it('update the summary, but not more often than its interval', () => {
    const summarised = several(MOST_OPEN + 2);
    const fresh = makeReview();
    const ids = new Set(idsOf(summarised));
    const history = { announced: ids, summarised: ids };
    const soon = NOW_MS - SUMMARY_INTERVAL_MS + 300;
    expect(decisions([...summarised, fresh], { ...history, summarisedAtMs: soon })).toEqual([
      { do: 'wait', delayMs: 300 },
    ]);
    const late = NOW_MS - SUMMARY_INTERVAL_MS;
    expect(decisions([...summarised, fresh], { ...history, summarisedAtMs: late })).toEqual([
      { do: 'summarise', reviewIds: [...ids, fresh.id], fresh: [fresh.id] },
    ]);
  });

  it('do not come again at once when the summary was put away', () => {
    const reviews = several(MOST_OPEN + 1);
    const history = { summarisedAtMs: NOW_MS - 1_000 };
    expect(decisions(reviews, history)).toEqual([{ do: 'wait', delayMs: SUMMARY_INTERVAL_MS - 1_000 }]);
  });

  it('leave the summary until the last of them is answered', () => {
    const [first, ...others] = several(MOST_OPEN + 1);
    const history = {
      announced: new Set(idsOf([first as Review, ...others])),
      summarised: new Set(idsOf([first as Review, ...others])),
      summarisedAtMs: 0,
    };
    expect(decisions([first as Review], history)).toEqual([]);
    expect(decisions([], history)).toEqual([{ do: 'withdraw-summary', reason: 'answered' }]);
  });

  it('that were answered make room for a notification of its own', () => {
    const [first, ...others] = several(MOST_OPEN + 1) as [Review, ...Review[]];
    const fresh = makeReview();
    const history = {
      announced: new Set(idsOf([first, ...others])),
      summarised: new Set(idsOf([first, ...others])),
      summarisedAtMs: NOW_MS,
    };
    expect(decisions([first, fresh], history)).toEqual([{ do: 'show', review: fresh }]);
  });
});

describe('a person who wants no notifications', () => {
  it('gets none, and those on the screen are taken back', () => {
    expect(decisions(several(3), { open: new Set(['a']), summarised: new Set(['b']) }, false)).toEqual([
      { do: 'withdraw', reviewId: 'a', reason: 'disabled' },
      { do: 'withdraw-summary', reason: 'disabled' },
    ]);
  });
});

describe('the text', () => {
  it('names the address, the key and what to do', () => {
    expect(contentOf(makeReview())).toEqual({
      title: 'Blocked: 203.0.113.9',
      body: 'Key “Production”\nClick to decide.',
    });
  });

  it('adds what is known', () => {
    const review = makeReview({ count: 12, country: 'DE', asName: 'Example Net' });
    expect(contentOf(review).body).toBe(
      'Key “Production” · 12 calls · Germany · Example Net\nClick to decide.',
    );
    expect(contentOf(makeReview({ country: '??' })).body).toContain('??');
  });

  it('counts in a summary', () => {
    expect(summaryOf(7).title).toBe('Blocked: 7 addresses');
  });
});
