import { describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { expiryFor, LOOSENING_HOLD_MS, needsConfirmation } from '#electron/core/outbox/hold';
import type { QueuedOperation, NewOperation } from '#electron/core/outbox/queued-operation';
import { makeRange, makeReview, newId } from '#test/support/console/builders';
import {
  adding,
  makeQueuedOperation,
  modeOperation,
  NOW_MS,
  removing,
  setting,
  updating,
} from '#test/support/console/outbox-builders';

const office = makeRange({ label: 'Office', version: 3 });

const reopening = (base: Review): NewOperation => ({
  operation: {
    id: newId(),
    type: 'review.reopen',
    madeAt: '2026-01-15T12:00:00.000Z',
    reviewId: base.id,
    baseVersion: base.version,
  },
  base,
});

describe('an operation that loosens protection', () => {
  const later = NOW_MS + LOOSENING_HOLD_MS + 1;
  const wide = makeRange({ cidr: '0.0.0.0/0', effect: 'deny' });
  it.each<readonly [string, QueuedOperation, boolean]>([
    ['protection off', makeQueuedOperation(setting('deactivated')), true],
    ['learning', makeQueuedOperation(setting('learning')), true],
    ['a stricter mode', makeQueuedOperation(setting('manual')), false],
    ['a very wide range let in', makeQueuedOperation(adding({ cidr: '0.0.0.0/0', allowWide: true })), true],
    ['a very wide range kept out', makeQueuedOperation(adding({ cidr: '0.0.0.0/0', effect: 'deny' })), false],
    ['a /8', makeQueuedOperation(adding({ cidr: '10.0.0.0/8' })), false],
    ['a very wide denial taken away', makeQueuedOperation(removing(wide)), true],
    ['a very wide denial turned around', makeQueuedOperation(updating(wide, { effect: 'authorize' })), true],
    [
      'a very wide denial with an end',
      makeQueuedOperation(updating(wide, { expiresAt: '2027-01-01T00:00:00.000Z' })),
      true,
    ],
    ['a new label of a very wide denial', makeQueuedOperation(updating(wide, { label: 'x' })), false],
    ['a range removed', makeQueuedOperation(removing(office)), false],
    ['an answer taken back', makeQueuedOperation(reopening(makeReview({ status: 'authorized' }))), false],
  ])('asks again after 15 minutes: %s', (_name, queued, asks) => {
    expect(needsConfirmation(queued, later)).toBe(asks);
    expect(needsConfirmation(queued, NOW_MS + LOOSENING_HOLD_MS)).toBe(false);
    expect(expiryFor(queued, 0) !== undefined).toBe(asks);
  });

  it('or that was sent so long ago that the service may not know its id any more', () => {
    const monthsAgo = NOW_MS - 29 * 86_400_000 - 1;
    const sent = makeQueuedOperation({ createdAt: monthsAgo, attempts: 1 });
    expect(needsConfirmation(sent, NOW_MS)).toBe(true);
    expect(needsConfirmation({ ...sent, attempts: 0 }, NOW_MS)).toBe(false);
    expect(needsConfirmation({ ...sent, confirmedAt: NOW_MS }, NOW_MS)).toBe(false);
  });

  const off = makeQueuedOperation({ operation: modeOperation('deactivated') });

  it('counts anew from when it was confirmed', () => {
    expect(needsConfirmation({ ...off, confirmedAt: later }, later + 1_000)).toBe(false);
    expect(needsConfirmation({ ...off, confirmedAt: later }, later + LOOSENING_HOLD_MS + 1)).toBe(true);
  });

  it('asks when the clock has jumped back, because nobody knows how long it waited', () => {
    expect(needsConfirmation(off, NOW_MS - 1_000)).toBe(false);
    expect(needsConfirmation(off, NOW_MS - 3_600_000)).toBe(true);
  });

  it('is left to the service once that may have it, under an end by its own clock', () => {
    expect(expiryFor(off, 3_600_000)).toBe('2026-01-15T13:15:00.000Z');
    expect(expiryFor(off, null)).toBeUndefined();
    const sent = { ...off, attempts: 1 };
    const ends = { ...sent, operation: { ...off.operation, expiresAt: '2026-01-15T12:15:00.000Z' } };
    expect(needsConfirmation(ends, later)).toBe(false);
    expect(needsConfirmation(sent, later)).toBe(true);
  });
});
