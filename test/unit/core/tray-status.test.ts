import { describe, expect, it } from 'vitest';
import { trayModel } from '#electron/core/tray/model';
import type { ServiceState } from '#shared/domain/entities';
import type { Connection } from '#shared/ipc/connection';
import { makeAccount } from '#test/support/console/builders';
import { TEST_SERVICE as service } from '#test/support/console/memory-store';
import {
  at,
  ONLINE,
  UNREACHABLE,
  ID,
  type Changes,
  trayFacts,
  iconOf,
  read,
  choiceOf,
  makeReviews,
} from '#test/support/console/tray-facts';

describe('a service that does not decide as it should', () => {
  const online = (state: ServiceState): Connection => ({ ...ONLINE, state });
  it.each([
    [{ state: 'refusing', why: 'Its disk is full.' }, 'offline', 'Every call is refused (503)'],
    [{ state: 'degraded', why: 'x', letsIn: true }, 'unprotected', 'Calls are let in without a verdict'],
    [{ state: 'degraded', why: 'x' }, 'asking', 'Something is wrong with how calls reach the service'],
  ] as const)('%o is in the image, the tooltip and the menu', (state, image, words) => {
    const icon = iconOf({ connection: online(state) });
    expect(icon.image).toBe(image);
    expect(icon.tooltip.startsWith(`Gatehouse · ${words} · `)).toBe(true);
    expect(read(icon.menu)).toContain(words);
    expect(choiceOf(icon.menu, words)).toEqual({ do: 'open-console', account: ID });
  });

  it('is not spoken of while it is ready, or nothing is known', () => {
    const ready = iconOf({ connection: online({ state: 'ready', why: null }) });
    expect(ready).toEqual(iconOf());
    expect(iconOf({ connection: UNREACHABLE }).tooltip).not.toContain('Every call');
  });

  it('is named as this computer’s own trouble where it is', () => {
    const { tooltip } = iconOf({ connection: { ...UNREACHABLE, trouble: 'console' } });
    expect(tooltip).toContain('This computer in trouble since 13:05');
  });
});

describe('the icon', () => {
  const deactivated = makeAccount({ mode: 'deactivated' });
  const unauthorized: Connection = { kind: 'unauthorized', service, code: 'token_expired', message: '' };

  it.each<[string, Changes, string]>([
    ['all is well', {}, 'normal'],
    ['it connects', { connection: { kind: 'connecting', service } }, 'normal'],
    ['somebody is asked', { pendingReviews: makeReviews(1) }, 'asking'],
    ['the service is unreachable', { connection: UNREACHABLE }, 'offline'],
    [
      'it is unreachable and somebody is asked',
      { connection: UNREACHABLE, pendingReviews: makeReviews(1) },
      'offline',
    ],
    ['the token is refused', { connection: unauthorized }, 'offline'],
    ['the service did not start', { connection: { kind: 'failed', service, message: '' } }, 'offline'],
    ['nothing is connected', { connection: { kind: 'none' }, account: null }, 'offline'],
    ['every address is accepted', { account: deactivated }, 'unprotected'],
    [
      'every address was accepted when it was last known',
      { account: deactivated, connection: UNREACHABLE },
      'unprotected',
    ],
  ])('shows that %s', (_what, changes, image) => {
    expect(iconOf(changes).image).toBe(image);
  });

  it.each<[Changes, string]>([
    [{}, 'Gatehouse · No pending reviews · Manual'],
    [{ pendingReviews: makeReviews(3) }, 'Gatehouse · 3 pending reviews · Manual'],
    [{ connection: UNREACHABLE }, 'Gatehouse · No pending reviews · Manual · Offline since 13:05'],
    [
      { connection: { ...UNREACHABLE, since: at(13, 9, 30) } },
      'Gatehouse · No pending reviews · Manual · Offline since Tue 09:30',
    ],
    [{ account: deactivated }, 'Gatehouse · No pending reviews · Deactivated: every IP accepted'],
    [
      {
        account: makeAccount({
          mode: 'learning',
          learning: {
            startedAt: at(1, 0, 0),
            lastNewAddressAt: at(2, 0, 0),
            windowSeconds: 1,
            endsAt: at(31, 12, 0),
          },
        }),
      },
      'Gatehouse · No pending reviews · Learning until 31 January',
    ],
  ])('says in words how things stand', (changes, tooltip) => {
    expect(iconOf(changes).tooltip).toBe(tooltip);
  });

  it('says it in fewer characters than Windows cuts, whatever comes together', () => {
    const until = at(16, 8, 0);
    const { tooltip } = iconOf({
      account: deactivated,
      connection: { ...UNREACHABLE, since: at(14, 9, 30) },
      pendingReviews: makeReviews(100),
      notifications: { snoozedUntil: until, quiet: { reason: 'snoozed', until } },
    });
    expect(tooltip.length).toBeLessThanOrEqual(127);
  });

  it('is not there without a tray, and the number on the app’s icon is', () => {
    expect(trayModel(trayFacts({ hasTray: false, pendingReviews: makeReviews(7) }))).toEqual({
      icon: null,
      badgeCount: 7,
    });
  });
});
