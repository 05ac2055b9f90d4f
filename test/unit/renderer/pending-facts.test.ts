import { describe, expect, it } from 'vitest';
import { callSpanOf } from '../../../renderer/src/features/pending/facts/span-of-calls';
import { trustOf } from '../../../renderer/src/features/pending/facts/trust';
import { timelineOf, timelineSentence } from '../../../renderer/src/features/pending/facts/timeline';
import { attempt, minutesAgo, NOW, review } from '../../component/builders';

const nowMs = NOW.getTime();
const asked = review();

describe('a row', () => {
  it.each([
    [null, 'unknown'],
    [-1, 'suspicious'],
    [0, 'strange'],
    [29, 'strange'],
    [30, 'familiar'],
    [80, 'familiar'],
  ])('has the verdict of the trust review in a word: %s', (score, trust) => {
    expect(trustOf({ score })).toBe(trust);
  });

  it('shows from when to when it was called, over an hour or since the first call, whatever the clocks say', () => {
    const callers = [{ ip: asked.ip, userAgent: null, method: null, path: null, at: minutesAgo(15) }];
    expect(callSpanOf({ firstAt: minutesAgo(30), lastAt: minutesAgo(0), callers }, nowMs)).toEqual({
      from: 0.5,
      to: 1,
      calls: [0.5, 1, 0.75],
    });
    expect(callSpanOf({ firstAt: minutesAgo(120), lastAt: minutesAgo(-5), callers: [] }, nowMs)).toEqual({
      from: 0,
      to: 1,
      calls: [0, 1],
    });
  });
});

describe('the timeline', () => {
  it('goes from the oldest call, but at least over an hour, until now', () => {
    expect(timelineOf([], nowMs)).toMatchObject({ from: minutesAgo(60), blocked: 0, allowed: 0 });
    const day = attempt(1, { firstAt: minutesAgo(1440), lastAt: minutesAgo(1439), count: 3 });
    const timeline = timelineOf([day], nowMs);
    expect(timeline.from).toBe(minutesAgo(1440));
    expect(timeline.bins[0]).toEqual({ blocked: 0, allowed: 3 });
  });

  it('loses no call, whatever the clocks say', () => {
    const rows = [
      attempt(1, { lastAt: minutesAgo(-5), verdict: 'blocked', count: 2 }),
      attempt(2, { firstAt: minutesAgo(20), lastAt: minutesAgo(0), count: 5 }),
    ];
    const { bins, blocked, allowed } = timelineOf(rows, nowMs);
    expect({ blocked, allowed }).toEqual({ blocked: 2, allowed: 5 });
    expect(bins.at(-1)).toEqual({ blocked: 2, allowed: 5 });
    expect(timelineSentence(timelineOf([], nowMs), [], nowMs)).toBe('No calls in the log');
    expect(timelineSentence(timelineOf(rows.slice(0, 1), nowMs), rows.slice(0, 1), nowMs)).toMatch(
      /^2 blocked calls; the first 10 min ago/,
    );
  });
});
