import { afterEach, describe, expect, it } from 'vitest';
import { setLanguage } from '#shared/i18n/language';
import { serviceWords } from '#shared/ipc/service-words';

const WHY = 'The service’s database is not available: its disk is full.';

describe('the reason why calls do not get the verdicts that they should', () => {
  afterEach(() => setLanguage('en'));

  it('is the service’s own sentence in English', () => {
    expect(serviceWords({ state: 'refusing', why: WHY })?.why).toBe(WHY);
  });

  it('begins in French with what its state says of the database', () => {
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
