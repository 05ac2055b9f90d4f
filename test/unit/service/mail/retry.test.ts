import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, deliveryFailureOf, isPermanent, isUnreachable } from '#service/mail/delivery';

const reply = (responseCode: number, command: string) => ({ code: 'EENVELOPE', responseCode, command });

describe('what is done about a message that did not get through', () => {
  it.each([
    [reply(550, 'RCPT TO'), true],
    [reply(554, 'DATA'), true],
    [reply(451, 'RCPT TO'), false],
    [reply(452, 'DATA'), false],
    // The sender is a setting, and can be mended.
    [reply(550, 'MAIL FROM'), false],
    [reply(530, 'MAIL FROM'), false],
    [reply(530, 'RCPT TO'), false],
    [reply(535, 'AUTH PLAIN'), false],
    [{ code: 'ECONNECTION', responseCode: undefined, command: 'CONN' }, false],
  ])('%o is given up: %s', (failure, permanent) => {
    expect(isPermanent(failure)).toBe(permanent);
  });

  it('tells a server that was not reached from one that refused', () => {
    expect(isUnreachable(deliveryFailureOf(Object.assign(new Error('x'), { code: 'ECONNECTION' })))).toBe(
      true,
    );
    expect(isUnreachable(reply(451, 'DATA'))).toBe(false);
  });

  it.each([[undefined], ['text'], [null], [{ responseCode: 'x', code: 5 }]])(
    'reads %o without trouble',
    (error) => {
      expect(deliveryFailureOf(error)).toEqual({
        code: undefined,
        responseCode: undefined,
        command: undefined,
      });
    },
  );

  it('waits longer each time, up to an hour, never in step', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (tries, random) => {
          const wait = backoffMs(tries, () => random);
          const ceiling = Math.min(3_600_000, 30_000 * 2 ** (tries - 1));
          expect(wait).toBeGreaterThanOrEqual(ceiling / 2);
          expect(wait).toBeLessThanOrEqual(ceiling);
        },
      ),
    );
    expect(backoffMs(1, () => 0)).not.toBe(backoffMs(1, () => 0.9));
  });
});
