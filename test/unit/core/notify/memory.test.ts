import { describe, expect, it } from 'vitest';
import { AnnouncementMemory, type Known } from '#electron/core/notify/memory';
import { AnnouncedStore } from '#electron/core/store/announced';
import { LocalDatabase } from '#electron/core/store/database';
import { ACCOUNT_MIGRATIONS, migrate } from '#electron/core/store/migrations';
import { memoryDatabase, memoryStore } from '#test/support/console/memory-store';

const DAY_MS = 86_400_000;
const NOTHING: Known = { reviewIds: [], learning: null, newest: { mode_changed: '', grant_added: '' } };

describe('what was announced', () => {
  it('by an older version is taken over', () => {
    const database = LocalDatabase.open(':memory:');
    migrate(database, ACCOUNT_MIGRATIONS.slice(0, 1));
    database.run(
      "INSERT INTO announced (review_id, cause, at) VALUES ('r1', 'single', 5), ('r2', 'baseline', 6)",
    );
    migrate(database, ACCOUNT_MIGRATIONS);
    const store = new AnnouncedStore(database);
    expect(['r1', 'r2', 'r3'].map((id) => store.has('question', id))).toEqual([true, true, false]);
  });

  it('is kept by cause, and what is held back is not announced', () => {
    const database = memoryDatabase();
    const store = new AnnouncedStore(database);
    store.add('question', ['a'], 'held', 1);
    store.add('unreachable', ['a'], 'single', 1);
    for (const each of [store, new AnnouncedStore(database)]) {
      expect([each.has('question', 'a'), each.isHeld('question', 'a')]).toEqual([false, true]);
      expect([each.has('unreachable', 'a'), each.isHeld('unreachable', 'a')]).toEqual([true, false]);
    }
    store.add('question', ['a'], 'summary', 2);
    store.remove('unreachable', ['a']);
    for (const each of [store, new AnnouncedStore(database)]) {
      expect([each.has('question', 'a'), each.isHeld('question', 'a')]).toEqual([true, false]);
      expect(each.has('unreachable', 'a')).toBe(false);
    }
  });

  it('does not grow for ever', () => {
    const database = memoryDatabase();
    const store = new AnnouncedStore(database);
    store.add('question', ['old', 'open'], 'single', 1);
    store.add('question', ['new'], 'single', 100 * DAY_MS);
    store.prune(10 * DAY_MS, (_cause, subject) => subject === 'open');
    for (const each of [store, new AnnouncedStore(database)]) {
      expect([...each.subjects('question')].sort()).toEqual(['new', 'open']);
    }
  });
});

describe('the baseline', () => {
  it('is taken once, for each cause', () => {
    const store = memoryStore();
    const memory = new AnnouncementMemory(store);
    expect(memory.isComplete).toBe(false);
    memory.takeBaseline(
      { reviewIds: ['r1'], learning: '2026-01-15', newest: { mode_changed: 'B', grant_added: 'D' } },
      1,
    );
    const again = new AnnouncementMemory(store);
    again.takeBaseline({ ...NOTHING, reviewIds: ['r2'], newest: { mode_changed: 'Z', grant_added: 'Z' } }, 2);
    for (const each of [memory, again, new AnnouncementMemory(store)]) {
      expect(each.isComplete).toBe(true);
      expect([each.has('question', 'r1'), each.has('question', 'r2')]).toEqual([true, false]);
      expect(each.has('learning_ending', '2026-01-15')).toBe(true);
      expect([each.has('mode_changed', 'A'), each.has('mode_changed', 'C')]).toEqual([true, false]);
      expect([each.has('grant_added', 'D'), each.has('grant_added', 'E')]).toEqual([true, false]);
    }
  });

  it('of a store from before there were more causes leaves the questions as they are', () => {
    const store = memoryStore();
    store.settings.write('notifications.baseline', true);
    const memory = new AnnouncementMemory(store);
    expect(memory.isComplete).toBe(false);
    memory.takeBaseline(
      { ...NOTHING, reviewIds: ['new'], newest: { mode_changed: 'B', grant_added: '' } },
      1,
    );
    expect(memory.isComplete).toBe(true);
    expect(memory.has('question', 'new')).toBe(false);
    expect(memory.has('mode_changed', 'A')).toBe(true);
  });
});
