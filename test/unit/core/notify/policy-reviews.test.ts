import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#shared/durations';
import type { Review } from '#shared/domain/entities';
import { defaultNotificationPreferences } from '#shared/ipc/notifications';
import {
  MOST_OPEN,
  SUMMARY_GROWTH_INTERVAL_MS,
  SUMMARY_INTERVAL_MS,
  UPDATE_INTERVAL_MS,
} from '#electron/core/notify/causes/review';
import { SUMMARY_ID } from '#electron/core/notify/notification-id';
import type { OnScreen } from '#electron/core/notify/decision';
import { reviewAnnouncement, summaryAnnouncement } from '#electron/core/notify/review-words';
import { makeReview } from '#test/support/console/builders';
import {
  decided,
  inShort,
  NOW_MS,
  reviewFacts,
  STYLE,
  type ReviewsWorld,
  type Said,
} from '#test/support/console/notification-facts';

const several = (count: number): readonly Review[] => Array.from({ length: count }, () => makeReview());
const ids = (reviews: readonly Review[]): readonly string[] => reviews.map(({ id }) => id);
const ask = (asked: ReviewsWorld, said: Said = {}) => inShort(decided({ reviews: reviewFacts(asked) }, said));

const review = makeReview();
const other = makeReview();

/** A summary on the screen, with so many left of those that it told of. */
const summary = (
  left: number,
  toldMs = MINUTE_MS,
  kind: 'burst' | 'paused' = 'burst',
  told = left,
): Said => ({
  summary: { kind, left },
  summarisedAtMs: NOW_MS - toldMs,
  onScreen: new Map<string, OnScreen>([
    [SUMMARY_ID, { announcement: summaryAnnouncement(kind, told), count: told, shownAtMs: NOW_MS - toldMs }],
  ]),
});

describe('one review', () => {
  it.each([
    ['new', { fresh: [review] }, {}, [`show review-${review.id}`]],
    ['let go of', { released: [review] }, {}, [`show review-${review.id}`]],
    ['announced before', { announced: [review] }, {}, []],
    ['on the screen', { announced: [review] }, { open: [review] }, []],
    ['answered after a crash', { leftBehind: ['x'] }, {}, ['withdraw review-x answered']],
    ['answered meanwhile', {}, { open: [review] }, [`withdraw review-${review.id} answered`]],
    [
      'new while another one is on the screen',
      { announced: [review], fresh: [other] },
      { open: [review] },
      [`show review-${other.id}`],
    ],
  ] as [string, ReviewsWorld, Said, string[]][])('%s', (_name, asked, said, expected) => {
    expect(ask(asked, said)).toEqual(expected);
  });

  it('that has changed is updated in place, not too often', () => {
    const changed = { ...review, count: 7 };
    const facts = { reviews: reviewFacts({ announced: [changed] }) };
    expect(inShort(decided(facts, { open: [review] }))).toEqual([`update review-${review.id}`]);
    const soon = { ...facts, nowMs: NOW_MS - MINUTE_MS + UPDATE_INTERVAL_MS - 300 };
    expect(inShort(decided(soon, { open: [review] }))).toEqual(['wait -30000']);
    expect(inShort(decided({ ...facts, quiet: 'desktop' }, { open: [review] }))).toEqual([]);
  });

  it('loses its buttons when the token may not answer any more', () => {
    const [decision] = decided(
      { reviews: reviewFacts({ announced: [review] }), mayAnswer: false },
      { open: [review] },
    );
    expect(decision).toMatchObject({ do: 'update', announcement: { buttons: [] } });
  });
});

describe('many reviews', () => {
  it('are shown one by one up to the bound', () => {
    const fresh = several(MOST_OPEN);
    expect(ask({ fresh })).toEqual(ids(fresh).map((id) => `show review-${id}`));
  });

  it('become one summary above it', () => {
    const fresh = several(MOST_OPEN + 1);
    expect(decided({ reviews: reviewFacts({ fresh }) })).toEqual([
      {
        do: 'summarise',
        kind: 'burst',
        announcement: summaryAnnouncement('burst', MOST_OPEN + 1),
        fresh: ids(fresh),
        takenIn: [],
      },
    ]);
  });

  it('count what the desktop dropped, because nobody need have seen it', () => {
    const open = several(3);
    const unseen = several(MOST_OPEN - 3);
    expect(ask({ announced: open, unseen, fresh: several(1) }, { open })).toEqual([
      ...ids(open).map((id) => `withdraw review-${id} summarised`),
      'summarise burst 1',
    ]);
    expect(ask({ announced: open, unseen: unseen.slice(1), fresh: several(1) }, { open })).toHaveLength(1);
  });

  it('take those on the screen into the summary', () => {
    const open = several(MOST_OPEN);
    const decisions = decided({ reviews: reviewFacts({ announced: open, fresh: [review] }) }, { open });
    expect(inShort(decisions)).toEqual([
      ...ids(open).map((id) => `withdraw review-${id} summarised`),
      'summarise burst 1',
    ]);
    expect(decisions.at(-1)).toMatchObject({
      takenIn: ids(open),
      announcement: { title: `Blocked: ${MOST_OPEN + 1} addresses` },
    });
  });

  it.each([
    ['soon after it grew', 100, [`wait ${SUMMARY_GROWTH_INTERVAL_MS - 100}`]],
    ['after its interval', SUMMARY_GROWTH_INTERVAL_MS, ['summarise burst 1']],
  ])('join the summary %s', (_name, toldMs, expected) => {
    expect(ask({ fresh: [review] }, summary(MOST_OPEN + 2, toldMs))).toEqual(expected);
  });

  it('do not come again at once when the summary was put away', () => {
    expect(ask({ fresh: several(MOST_OPEN + 1) }, { summarisedAtMs: NOW_MS - 1_000 })).toEqual([
      `wait ${SUMMARY_INTERVAL_MS - 1_000}`,
    ]);
  });

  it('leave the summary, true to their number, until the last of them is answered', () => {
    expect(ask({}, summary(1, MINUTE_MS, 'burst', 1))).toEqual([]);
    expect(ask({}, summary(1, MINUTE_MS, 'burst', 7))).toEqual([`update ${SUMMARY_ID}`]);
    expect(ask({}, summary(1, 1_000, 'burst', 7))).toEqual([`wait ${SUMMARY_INTERVAL_MS - 1_000}`]);
    expect(ask({}, summary(0))).toEqual([`withdraw ${SUMMARY_ID} answered`]);
  });

  it('that were answered make room for a notification of its own', () => {
    expect(ask({ fresh: [review] }, summary(1, 0))).toEqual([`show review-${review.id}`]);
  });
});

describe('after quiet', () => {
  it.each([
    ['two are a summary', { released: several(2) }, {}, ['summarise paused 2']],
    [
      'and a new one they are the usual summary',
      { released: several(2), fresh: [review] },
      {},
      ['summarise burst 3'],
    ],
    [
      'they join the summary of an earlier pause',
      { released: several(2) },
      summary(3, MINUTE_MS, 'paused'),
      ['summarise paused 2'],
    ],
    ['they join the summary of a burst', { released: several(2) }, summary(3), ['summarise burst 2']],
    [
      'they wait for the summary’s interval',
      { released: several(2) },
      { summarisedAtMs: NOW_MS },
      [`wait ${SUMMARY_INTERVAL_MS}`],
    ],
  ] as [string, ReviewsWorld, Said, string[]][])('%s', (_name, asked, said, expected) => {
    expect(ask(asked, said)).toEqual(expected);
  });

  it('those on the screen stay beside the summary while there is room', () => {
    const said = { open: [review] };
    expect(ask({ announced: [review], released: several(2) }, said)).toEqual(['summarise paused 2']);
    expect(ask({ announced: [review], released: several(MOST_OPEN) }, said)).toEqual([
      `withdraw review-${review.id} summarised`,
      `summarise burst ${MOST_OPEN}`,
    ]);
  });
});

describe('quiet', () => {
  const asked = reviewFacts({ announced: [other], fresh: [review] });

  it.each(['snoozed', 'quiet_hours', 'desktop'] as const)('(%s) holds back what is new', (quiet) => {
    expect(inShort(decided({ quiet, reviews: asked }, { open: [other] }))).toEqual([
      `hold review ${review.id} ${quiet}`,
    ]);
  });

  it('holds back again what was let go of and could not be shown yet', () => {
    expect(inShort(decided({ quiet: 'desktop', reviews: reviewFacts({ released: [review] }) }))).toEqual([
      `hold review ${review.id} desktop`,
    ]);
  });

  it('still takes back what is answered', () => {
    expect(inShort(decided({ quiet: 'desktop' }, { open: [other] }))).toEqual([
      `withdraw review-${other.id} answered`,
    ]);
  });

  it('for a muted key holds back what that key asks', () => {
    const facts = { reviews: asked, mutedKeyIds: new Set([review.keyId]) };
    expect(inShort(decided(facts))).toEqual([`hold review ${review.id} muted`]);
  });

  const said = { ...summary(2), open: [other] };
  const off = [
    `withdraw review-${other.id} off`,
    `withdraw ${SUMMARY_ID} off`,
    `hold review ${review.id} off`,
  ];
  it('for good takes back what is on the screen', () => {
    expect(inShort(decided({ quiet: 'off', reviews: asked }, said, { enabled: false }))).toEqual(off);
    const causes = { ...defaultNotificationPreferences.causes, review: false };
    expect(inShort(decided({ reviews: asked }, said, { causes }))).toEqual(off);
  });
});

describe('the words', () => {
  it('name the address, the key and what to do', () => {
    expect(reviewAnnouncement(makeReview(), STYLE)).toMatchObject({
      title: 'Blocked: 203.0.113.9',
      body: 'Key “Production”',
      click: 'decide',
    });
    expect(reviewAnnouncement(makeReview(), { ...STYLE, mayAnswer: false })).toMatchObject({
      body: 'Key “Production”',
      click: 'see',
    });
  });

  it('say what is let in for now, and would be blocked', () => {
    const { keyId } = makeReview();
    const review = makeReview({ keyId });
    const style = { ...STYLE, isReporting: (id: string) => id === keyId };
    expect(reviewAnnouncement(review, style).title).toBe('Would be blocked: 203.0.113.9');
    expect(reviewAnnouncement(makeReview(), style).title).toBe('Blocked: 203.0.113.9');
    expect(reviewAnnouncement(review, { ...style, hidesDetails: true }).title).toBe(
      'A call from an unknown address would be blocked',
    );
  });

  it('add what is known', () => {
    const known = makeReview({
      count: 12,
      country: 'DE',
      asName: 'Example Net',
      lastAt: '2026-01-15T12:00:05.000Z',
    });
    const time = new Date(known.lastAt).toTimeString().slice(0, 8);
    expect(reviewAnnouncement(known, STYLE).body).toBe(
      `Key “Production” · 12 calls, the last at ${time} · Germany · Example Net`,
    );
    expect(reviewAnnouncement(makeReview({ country: '??' }), STYLE).body).toContain('??');
    // A name is no second line, and turns nothing round.
    const odd = makeReview({ keyName: 'Shop\n\u202eyou may', asName: 'Net\r\nwork' });
    const { body } = reviewAnnouncement(odd, STYLE);
    expect(body).toContain('Key “Shop you may”');
    expect(body).toContain('Net work');
    expect(body.split('\n')).toHaveLength(1);
  });

  it('say that more than the address can be let in', () => {
    const proposal = { kind: 'range', cidr: '203.0.113.0/28', covers: 3 } as const;
    expect(reviewAnnouncement(makeReview({ proposal }), STYLE).body.split('\n').at(-1)).toBe(
      'One of 3 addresses of this network. Open it to let in more than one.',
    );
  });

  it('say what the latest call was, each part in plain text and of a bearable length', () => {
    const caller = { ip: '203.0.113.9', at: '2026-01-15T12:00:05.000Z' };
    const latest = {
      ...caller,
      method: 'POST',
      path: `/v1/\u202eorders${'x'.repeat(200)}`,
      userAgent: 'curl/8.5\n<b>',
    };
    const older = { ...caller, method: 'GET', path: '/older', userAgent: null };
    const [, line = ''] = reviewAnnouncement(makeReview({ callers: [latest, older] }), STYLE).body.split(
      '\n',
    );
    expect(line).toMatch(/^POST \/v1\/ ordersx+… · curl\/8\.5 <b>$/);
    expect(line.length).toBeLessThan(170);
    const { body } = reviewAnnouncement(
      makeReview({ callers: [{ ...older, method: null, path: null }] }),
      STYLE,
    );
    expect(body.split('\n')).toHaveLength(1);
  });

  it('say nothing but the fact where details are hidden, and offer nothing to press', () => {
    const review = makeReview({ country: 'DE', callers: [] });
    expect(reviewAnnouncement(review, { ...STYLE, hidesDetails: true })).toMatchObject({
      title: 'A call from an unknown address was blocked',
      body: 'Details are hidden.',
      buttons: [],
    });
    const open = { open: [review] };
    const [decision] = decided(
      { reviews: reviewFacts({ announced: [review] }), hidesDetails: true },
      {
        ...open,
      },
    );
    expect(decision).toMatchObject({ do: 'update', announcement: { body: 'Details are hidden.' } });
  });

  it.each([
    ['burst', 7, 'Blocked: 7 addresses', 'They are not on the list of authorized IPs.', 'seeAll'],
    ['burst', 1, 'Blocked: 1 address', 'It is not on the list of authorized IPs.', 'see'],
    ['paused', 3, '3 unknown addresses called while notifications were paused', '', 'seeAll'],
    ['paused', 1, '1 unknown address called while notifications were paused', '', 'see'],
  ] as const)('count in a summary (%s, %i)', (kind, count, title, body, click) => {
    expect(summaryAnnouncement(kind, count)).toMatchObject({ title, body, click });
  });
});
