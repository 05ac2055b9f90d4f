import { afterEach, describe, expect, it } from 'vitest';
import { modeLine, momentWords, named, reviewCount, serviceLine } from '#electron/core/tray/words';
import { setLanguage } from '#shared/i18n/language';
import { makeAccount } from '#test/support/console/builders';
import { TEST_SERVICE as service } from '#test/support/console/memory-store';

const at = (day: number, hours: number, minutes: number): string =>
  new Date(2026, 0, day, hours, minutes).toISOString();
const nowMs = Date.parse(at(15, 14, 0));

describe('the lines of the tray in French', () => {
  afterEach(() => setLanguage('en'));

  it('have its words and its dates', () => {
    setLanguage('fr');
    const learning = { startedAt: null, lastNewAddressAt: null, windowSeconds: 60, endsAt: at(29, 9, 0) };
    expect([
      modeLine(makeAccount({ mode: 'learning', learning })),
      modeLine(makeAccount({ mode: 'learning', learning: { ...learning, endsAt: at(32, 9, 0) } })),
      named({ name: 'Bureau' }, reviewCount(1)),
      ...[0, 1, 2].map(reviewCount),
      serviceLine({ kind: 'unreachable', service, since: at(15, 13, 5), message: 'gone' }, nowMs),
      momentWords(at(16, 9, 5), nowMs),
    ]).toEqual([
      'Apprentissage jusqu’au 29 janvier',
      'Apprentissage jusqu’au 1er février',
      'Bureau\u00a0: 1 demande en attente',
      'Aucune demande en attente',
      '1 demande en attente',
      '2 demandes en attente',
      'Hors ligne (depuis\u00a0: 13:05)',
      'ven. 09:05',
    ]);
  });
});
