import { describe, expect, it } from 'vitest';
import { formatAddressCount } from '#shared/domain/address-count';
import { reasonSchema } from '#shared/domain/entities';
import type { Failure } from '#shared/ipc/failure';
import { formatCount } from '#shared/words';
import { connectionWords, serviceName } from '../../../renderer/src/domain/connection-words';
import { curlLine } from '../../../renderer/src/domain/curl';
import { explainFailure, fieldMessage, formMessage } from '../../../renderer/src/domain/failures';
import { geolocationWords } from '../../../renderer/src/domain/geolocation-words';
import { quietWords } from '../../../renderer/src/domain/quiet-words';
import { whySentence } from '../../../renderer/src/domain/reasons';
import { checkConnect } from '../../../renderer/src/features/connection/model';
import { accountOfKey, badgeText, screenOfKey } from '../../../renderer/src/features/navigation/model';
import { connectionBanner, programBanner } from '../../../renderer/src/features/sync-status/model';
import { formatAgo, formatLogTime, formatMoment, formatUntil } from '../../../renderer/src/ui/format';
import {
  attempt,
  bootstrap,
  embedded,
  minutesAgo,
  NOW,
  range,
  remote,
  review,
} from '../../component/builders';

const nowMs = NOW.getTime();

describe('a failure', () => {
  const failures: readonly (readonly [Failure, string, string | null])[] = [
    [{ kind: 'invalid', code: 'x', field: 'label', message: 'too long' }, 'Too long.', 'label'],
    [{ kind: 'invalid', code: 'x', field: '', message: 'odd?' }, 'Odd?', null],
    [
      { kind: 'conflict', code: 'stale', message: 'x', current: null },
      'Somebody else changed this in the meantime. Look at it again before you go on.',
      null,
    ],
    [
      { kind: 'conflict', code: 'duplicate', message: 'x', current: range({ effect: 'deny', label: '' }) },
      '198.51.100.0/24 is denied already.',
      'cidr',
    ],
    [
      {
        kind: 'conflict',
        code: 'already_decided',
        message: 'x',
        current: review({ status: 'superseded', decidedAt: minutesAgo(1) }),
      },
      'Nothing left to answer: another range covers this address now at 14:01.',
      null,
    ],
    [
      { kind: 'conflict', code: 'new_code', message: 'something else', current: null },
      'Something else.',
      null,
    ],
    [
      { kind: 'unreachable', message: 'ECONNREFUSED' },
      'The service cannot be reached, so nothing was changed. ECONNREFUSED.',
      null,
    ],
    [
      { kind: 'unreachable', message: 'Its disk is full.', service: { state: 'refusing', why: null } },
      'The service cannot do it at the moment, so nothing was changed. Its disk is full.',
      null,
    ],
    [
      { kind: 'unauthorized', code: 'token_expired', message: 'x' },
      'The access token has expired. Enter a new one; nothing was changed.',
      'token',
    ],
    [
      { kind: 'rate_limited', retryAfterSeconds: 2.2, message: 'x' },
      'Too many tries. The service takes the next one in 3 s.',
      null,
    ],
    [
      { kind: 'service', code: 'internal', message: '' },
      'The service reported a problem: No details were given.',
      null,
    ],
    [
      { kind: 'internal', message: '' },
      'Something went wrong in the console itself. Details are in its log.',
      null,
    ],
    [
      { kind: 'storage', code: 'full', message: "This computer's disk is full." },
      "This computer's disk is full. Nothing was changed.",
      null,
    ],
  ];
  it.each(failures)('%# becomes a sentence in its place', (failure, message, field) => {
    expect(explainFailure(failure, nowMs)).toEqual({ message, field });
  });

  it('stands under its field when the form has it, and below the form otherwise', () => {
    const text = { message: 'Too long.', field: 'label' };
    expect(fieldMessage(text, 'label')).toBe('Too long.');
    expect(fieldMessage(text, 'cidr')).toBeNull();
    expect(formMessage(text, ['label'])).toBeNull();
    expect(formMessage(text, ['cidr'])).toBe('Too long.');
    expect(formMessage({ message: 'All.', field: null }, ['cidr'])).toBe('All.');
  });
});

describe('why an attempt got its verdict', () => {
  it('is a sentence for every reason', () => {
    for (const reason of reasonSchema.options) {
      expect(whySentence(attempt(1, { reason }), null)).toMatch(/^(Allowed|Blocked) because .*\.$/);
    }
  });

  it('names the matching range, or that it is gone', () => {
    expect(whySentence(attempt(1), range())).toContain('198.51.100.0/24 (Office)');
    expect(whySentence(attempt(1), null)).toContain('removed since');
  });
});

describe('times', () => {
  it.each([
    [0, 'just now'],
    [-5, 'just now'],
    [0.7, '40 s ago'],
    [12, '12 min ago'],
    [150, '2 h ago'],
    [60 * 30, 'yesterday'],
    [60 * 24 * 5, '5 days ago'],
    [60 * 24 * 30, '25 Oct 2026'],
  ])('%d minutes ago is "%s"', (minutes, text) => {
    expect(formatAgo(minutesAgo(minutes), nowMs)).toBe(text);
  });

  it.each([
    [0, 'now'],
    [-0.5, 'in less than a minute'],
    [-40, 'in 40 min'],
    [-60 * 7, 'in 7 h'],
    [-60 * 24 * 12, 'in 12 days'],
    [-60 * 24 * 60, 'on 23 Jan 2027'],
  ])('%d minutes ago as an end is "%s"', (minutes, text) => {
    expect(formatUntil(minutesAgo(minutes), nowMs)).toBe(text);
  });

  it('are short for today', () => {
    expect(formatMoment(minutesAgo(2), nowMs)).toBe('14:00');
    expect(formatMoment(minutesAgo(60 * 24), nowMs)).toBe('23 Nov 2026, 14:02:11');
    expect(formatLogTime(minutesAgo(2), nowMs)).toBe('14:00:11');
    expect(formatLogTime(minutesAgo(60 * 24), nowMs)).toBe('23 Nov, 14:02');
  });
});

describe('numbers', () => {
  it('are grouped, and powers of two where no one would read the digits', () => {
    expect(formatCount(12345)).toBe('12,345');
    expect(formatAddressCount(1n)).toBe('1');
    expect(formatAddressCount(1n << 32n)).toBe('4,294,967,296');
    expect(formatAddressCount(1n << 96n)).toBe('2^96');
    expect(formatAddressCount((1n << 96n) + 1n)).toBe('about 2^96');
    expect(badgeText(100)).toBe('99+');
  });
});

describe('the connection', () => {
  const since = minutesAgo(7);
  it('is told honestly', () => {
    expect(connectionWords({ kind: 'online', service: embedded, since }, nowMs)).toBe('Online');
    expect(connectionWords({ kind: 'unreachable', service: remote, since, message: '' }, nowMs)).toBe(
      'Offline since 13:55',
    );
    const refusing = { state: 'refusing', why: 'Its disk is full.' } as const;
    expect(connectionWords({ kind: 'online', service: embedded, since, state: refusing }, nowMs)).toBe(
      'Online, refuses every call',
    );
    expect(serviceName(remote)).toBe('gatehouse.example.com');
    expect(serviceName(embedded)).toBe('This computer');
  });

  it('has a banner only when something is wrong', () => {
    expect(connectionBanner({ kind: 'online', service: embedded, since }, null, nowMs)).toBeNull();
    expect(
      connectionBanner({ kind: 'unreachable', service: remote, since, message: '' }, minutesAgo(8), nowMs),
    ).toMatchObject({ message: 'What you see is as of 13:54.' });
    const unreachable = { kind: 'unreachable', service: remote, since, message: 'Why.' } as const;
    const titles = ([undefined, 'answer', 'database', 'console'] as const).map((trouble) => {
      const banner = connectionBanner({ ...unreachable, ...(trouble && { trouble }) }, null, nowMs);
      expect(banner?.message).toBe('Why. Nothing has been loaded from it yet.');
      return banner?.title;
    });
    expect(titles).toEqual([
      'The service has been unreachable since 13:55.',
      'The service has not answered as it should since 13:55.',
      'The service has not reached its database since 13:55.',
      'This computer has been in trouble since 13:55.',
    ]);
    expect(programBanner(bootstrap())).toBeNull();
    expect(programBanner(null)).toBeNull();
  });

  it('is checked before it is tried', () => {
    expect(checkConnect('https://a.example', 't')).toEqual({ url: null, token: null });
    expect(checkConnect('', '').token).not.toBeNull();
    expect(checkConnect('a.example', 't').url).toContain('not a complete address');
    expect(checkConnect('https://u:p@a.example', 't').url).toContain('user name');
  });

  it('makes a command to try a key', () => {
    const connection = { kind: 'online' as const, service: { ...remote, url: `${remote.url}/` }, since };
    expect(curlLine(connection, 's')).toBe("curl -i -H 'api-key: s' https://gatehouse.example.com/v1/check");
  });
});

describe('the rest', () => {
  it('names country and network as far as they are known', () => {
    expect(geolocationWords({ country: 'DE', asn: 3320, asName: 'DTAG' })).toBe('Germany · AS3320 DTAG');
    expect(geolocationWords({ country: null, asn: 1, asName: null })).toBe('AS1');
    expect(geolocationWords({ country: null, asn: null, asName: null })).toBeNull();
    expect(geolocationWords({ country: '??', asn: null, asName: null })).toBe('??');
    const network = { asn: 16_509, asName: 'AMAZON-02' };
    expect(geolocationWords({ country: 'DE', region: 'eu-central-1', ...network })).toBe(
      'Germany · region eu-central-1 · AS16509 AMAZON-02',
    );
    expect(geolocationWords({ country: null, region: 'a\nb', asn: null, asName: null })).toBe('region a b');
  });

  it('takes the modifier of the platform for shortcuts', () => {
    const press = { key: '3', ctrlKey: true, metaKey: false, altKey: false, shiftKey: false };
    expect(screenOfKey(press, false)).toBe('log');
    expect(screenOfKey(press, true)).toBeNull();
    expect(screenOfKey({ ...press, ctrlKey: false, metaKey: true }, true)).toBe('log');
    expect(screenOfKey({ ...press, key: '9' }, false)).toBe('settings');
    expect(screenOfKey({ ...press, key: '0' }, false)).toBeNull();
    expect(screenOfKey({ ...press, altKey: true }, false)).toBeNull();
  });

  it('takes Alt with it for accounts, and leaves AltGr to what is typed', () => {
    const getModifierState = (): boolean => false;
    const modifiers = { ctrlKey: true, metaKey: false, altKey: true, shiftKey: false, getModifierState };
    const press = { key: '2', code: 'Digit2', ...modifiers };
    expect(accountOfKey(press, false)).toBe(1);
    expect(accountOfKey({ ...press, altKey: false }, false)).toBeNull();
    expect(accountOfKey({ ...press, key: '0', code: 'Digit0' }, false)).toBeNull();
    expect(accountOfKey({ ...press, key: '²' }, false)).toBeNull();
    expect(accountOfKey({ ...press, getModifierState: (name) => name === 'AltGraph' }, false)).toBeNull();
    const onMac = { ...press, ctrlKey: false, metaKey: true, key: '€' };
    expect(accountOfKey(onMac, true)).toBe(1);
    expect(accountOfKey(press, true)).toBeNull();
  });
});

it('quiet is told with its end where that is known', () => {
  expect(quietWords({ reason: 'snoozed', until: minutesAgo(-60) }, nowMs)).toBe(
    'Notifications are paused until 15:02.',
  );
  expect(quietWords({ reason: 'desktop', until: null }, nowMs)).toMatch(/not to be disturbed/);
});
