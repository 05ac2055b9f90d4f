import { afterEach, describe, expect, it } from 'vitest';
import { sentence } from '#shared/domain/sentence';
import { setLanguage } from '#shared/i18n/language';
import { serviceWords } from '#shared/ipc/service-words';

const WHY = 'The service’s database is not available: its disk is full.';

describe('the reason why calls do not get the verdicts that they should', () => {
  afterEach(() => setLanguage('en'));

  it('is the service’s own sentence in English', () => {
    expect(serviceWords({ state: 'refusing', why: WHY })?.why).toBe(WHY);
  });

  it('is said in French where the service told it in words that are known', () => {
    setLanguage('fr');
    const words = sentence('databaseAway', { reason: 'full' }).words;
    const known = { why: WHY, whyWords: [words] };
    const french = 'La base de données du service n’est pas disponible\u00a0: son disque est plein.';
    expect(serviceWords({ state: 'refusing', ...known })?.why).toBe(french);
    expect(serviceWords({ state: 'degraded', ...known })?.why).toBe(french);
    expect(serviceWords({ state: 'degraded', ...known, letsIn: true })?.why).toContain(french);
    expect(serviceWords({ state: 'unrecognised', ...known })?.why).toContain(french);
    const newer = { why: WHY, whyWords: [words, { text: 'ofTomorrow', values: {} }] };
    expect(serviceWords({ state: 'degraded', ...newer })?.why).toBe(WHY);
  });

  it('begins in French with what its state says of the database, if there are no words for more', () => {
    setLanguage('fr');
    const words = `Sa base de données n’est pas disponible. Le service précise\u00a0: «\u00a0${WHY}\u00a0»`;
    expect(serviceWords({ state: 'refusing', why: WHY })?.why).toBe(words);
    expect(serviceWords({ state: 'degraded', why: WHY, letsIn: true })?.why).toBe(
      `${words} Seuls les appels dont le blocage est connu restent bloqués.`,
    );
    expect(serviceWords({ state: 'refusing', why: null })?.why).toBe('');
    expect(serviceWords({ state: 'degraded', why: 'A proxy names no caller.' })?.why).toBe(
      'A proxy names no caller.',
    );
  });
});
