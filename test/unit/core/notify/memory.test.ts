import { describe, expect, it } from 'vitest';
import { DAY_MS } from '#shared/durations';
import { AnnouncementMemory } from '#electron/core/notify/memory';
import { AnnouncedStore } from '#electron/core/store/announced';
import { memoryDatabase, memoryStore } from '#test/support/console/memory-store';

describe('what was announced', () => {
  it('is kept by cause, and what is held back is not announced', () => {
    const database = memoryDatabase();
    const store = new AnnouncedStore(database);
    store.add('review', ['a'], 'held', 1);
    store.add('unreachable', ['a'], 'single', 1);
    for (const each of [store, new AnnouncedStore(database)]) {
      expect([each.has('review', 'a'), each.isHeld('review', 'a')]).toEqual([false, true]);
      expect([each.has('unreachable', 'a'), each.isHeld('unreachable', 'a')]).toEqual([true, false]);
    }
    store.add('review', ['a'], 'summary', 2);
    store.remove('unreachable', ['a']);
    for (const each of [store, new AnnouncedStore(database)]) {
      expect([each.has('review', 'a'), each.isHeld('review', 'a')]).toEqual([true, false]);
      expect(each.has('unreachable', 'a')).toBe(false);
    }
  });

  it('does not grow for ever', () => {
    const database = memoryDatabase();
    const store = new AnnouncedStore(database);
    store.add('review', ['old', 'open'], 'single', 1);
    store.add('review', ['new'], 'single', 100 * DAY_MS);
    store.prune(10 * DAY_MS, (_cause, subject) => subject === 'open');
    for (const each of [store, new AnnouncedStore(database)]) {
      expect([...each.subjects('review')].sort()).toEqual(['new', 'open']);
    }
  });
});

describe('the baseline', () => {
  it('is taken once', () => {
    const store = memoryStore();
    const memory = new AnnouncementMemory(store);
    expect(memory.hasBaseline).toBe(false);
    memory.takeBaseline(
      {
        reviewIds: ['r1'],
        learning: '2026-01-15',
        sources: [],
        newest: { mode_changed: 'B', grant_added: 'D' },
      },
      1,
    );
    const again = new AnnouncementMemory(store);
    again.takeBaseline(
      { reviewIds: ['r2'], learning: null, sources: [], newest: { mode_changed: 'Z', grant_added: 'Z' } },
      2,
    );
    for (const each of [memory, again, new AnnouncementMemory(store)]) {
      expect(each.hasBaseline).toBe(true);
      expect([each.has('review', 'r1'), each.has('review', 'r2')]).toEqual([true, false]);
      expect(each.has('learning_ending', '2026-01-15')).toBe(true);
      expect([each.has('mode_changed', 'A'), each.has('mode_changed', 'C')]).toEqual([true, false]);
      expect([each.has('grant_added', 'D'), each.has('grant_added', 'E')]).toEqual([true, false]);
    }
  });
});
