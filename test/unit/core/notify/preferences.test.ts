import { beforeEach, describe, expect, it } from 'vitest';
import {
  defaultNotificationPreferences as defaults,
  notificationPreferencesSchema,
} from '#shared/ipc/notifications';
import {
  changed,
  readMutedKeys,
  readPreferences,
  readSnooze,
  writeMutedKeys,
  writePreferences,
  writeSnooze,
} from '#electron/core/notify/preferences';
import { LocalDatabase } from '#electron/core/store/database';
import { CONSOLE_MIGRATIONS, migrate } from '#electron/core/store/migrations';
import { Settings } from '#electron/core/store/settings';
import { newId } from '#test/support/console/builders';

let database: LocalDatabase;
let settings: Settings;
beforeEach(() => {
  database = LocalDatabase.open(':memory:');
  migrate(database, CONSOLE_MIGRATIONS);
  settings = new Settings(database);
});

/** Puts a text where a value should be, as a damaged or foreign program would. */
const put = (name: string, text: string): void =>
  void database.run('INSERT INTO settings (name, value) VALUES (?, ?)', [name, text]);

describe('what a person prefers', () => {
  it('is the default at first, then what was written', () => {
    expect(readPreferences(settings)).toEqual(defaults);
    const wanted = { ...defaults, enabled: false, quietHours: { from: '22:00', to: '07:00', days: [1, 2] } };
    writePreferences(settings, wanted);
    expect(readPreferences(settings)).toEqual(wanted);
  });

  it.each([
    ['no JSON', '{"enabled": fal', defaults],
    ['something else', '"off"', defaults],
    [
      'a damaged part',
      '{"enabled": "no", "followDesktopQuiet": false}',
      { ...defaults, followDesktopQuiet: false },
    ],
    [
      'a damaged cause',
      '{"enabled": false, "causes": {"question": 3, "unreachable": false, "grant_added": "x"}}',
      { ...defaults, enabled: false, causes: { ...defaults.causes, unreachable: false } },
    ],
    ['a time that is none', '{"quietHours": {"from": "25:00", "to": "07:00", "days": [1]}}', defaults],
    ['hours without a day', '{"quietHours": {"from": "22:00", "to": "07:00", "days": []}}', defaults],
  ])('falls back where it is %s', (_name, text, expected) => {
    put('notifications.preferences', text);
    const read = readPreferences(settings);
    expect(read).toEqual(expected);
    expect(notificationPreferencesSchema.parse(read)).toEqual(expected);
  });

  it('changes in what is named', () => {
    const hours = { from: '22:00', to: '07:00', days: [1] };
    const first = changed(defaults, { quietHours: hours, causes: { grant_added: true } });
    expect(first).toEqual({
      ...defaults,
      quietHours: hours,
      causes: { ...defaults.causes, grant_added: true },
    });
    expect(changed(first, { enabled: false })).toEqual({ ...first, enabled: false });
    expect(changed(first, { quietHours: null })).toEqual({ ...first, quietHours: null });
  });
});

describe('a snooze and muted keys', () => {
  it('are kept, and fall back to none', () => {
    const keyId = newId();
    expect([readSnooze(settings), readMutedKeys(settings)]).toEqual([null, []]);
    writeSnooze(settings, 5);
    writeMutedKeys(settings, [keyId]);
    expect([readSnooze(settings), readMutedKeys(settings)]).toEqual([5, [keyId]]);
    writeSnooze(settings, null);
    expect(readSnooze(settings)).toBeNull();
  });

  it.each([
    ['"soon"', '["not an id"]'],
    ['{', '{'],
  ])('that are damaged are none: %s', (snooze, muted) => {
    put('notifications.snoozedUntil', snooze);
    put('notifications.mutedKeys', muted);
    expect([readSnooze(settings), readMutedKeys(settings)]).toEqual([null, []]);
  });
});
