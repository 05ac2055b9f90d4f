import { Variant } from 'dbus-native';
import { describe, expect, it } from 'vitest';

import { capabilitiesOf, notifyArguments } from '#electron/platform/notifications/notify-arguments';
import { makeAnnouncement } from '#test/support/console/builders';

const announcement = makeAnnouncement({
  title: 'Blocked: <b>',
  body: 'Key “a & b”',
  buttons: [{ id: 'deny', label: 'Deny' }],
  stays: false,
});

describe('the arguments of Notify', () => {
  const all = capabilitiesOf(['actions', 'body', 'body-markup'], 'test');

  it('name what is replaced, the click and the buttons', () => {
    expect(notifyArguments(announcement, 7, all, '/icon.png')).toEqual([
      'Gatehouse',
      7,
      '/icon.png',
      'Blocked: <b>',
      'Key “a &amp; b”',
      ['default', 'Open', 'deny', 'Deny'],
      {
        urgency: new Variant('y', 1),
        'desktop-entry': new Variant('s', 'gatehouse'),
        category: new Variant('s', 'network'),
        'suppress-sound': new Variant('b', true),
      },
      -1,
    ]);
  });

  it('hold to what the server can', () => {
    const [, , , , body, actions] = notifyArguments(
      announcement,
      0,
      capabilitiesOf(['body', 'persistence', 1], 'test'),
      '',
    );
    expect([body, actions]).toEqual(['Key “a & b”', []]);
  });

  it.each([
    ['low', 0],
    ['critical', 2],
  ] as const)('tell the urgency %s', (urgency, byte) => {
    expect(notifyArguments({ ...announcement, urgency, stays: true }, 0, all, '')).toEqual(
      expect.arrayContaining([expect.objectContaining({ urgency: new Variant('y', byte) }), 0]),
    );
  });
});
