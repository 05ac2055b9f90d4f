import { afterEach, describe, expect, it } from 'vitest';
import { evidenceSentence } from '#shared/domain/evidence-words';
import { HOUR_MS } from '#shared/durations';
import { setLanguage } from '#shared/i18n/language';

const both = (text: string, values: Readonly<Record<string, string | number>>) => {
  setLanguage('en');
  const english = evidenceSentence(text, values);
  setLanguage('fr');
  return [english, evidenceSentence(text, values)];
};

describe('the sentence of evidence', () => {
  afterEach(() => setLanguage('en'));

  it('is told in the language of the program, with countries, spans and numbers', () => {
    expect(both('country', { country: 'DE', ago: 2 * HOUR_MS })).toEqual([
      'This key is already used from Germany, last 2 hours ago.',
      'Cette clé est déjà utilisée depuis ce pays\u00a0: Allemagne (dernière fois\u00a0: il y a 2 heures).',
    ]);
    expect(both('burst', { count: 1 })).toEqual([
      '1 other unknown address tried this key in the last hour.',
      '1 autre adresse inconnue a essayé cette clé pendant la dernière heure.',
    ]);
    expect(both('hosting', { network: '' })[0]).toBe(
      'an unnamed network rents out machines, and strangers share it with you.',
    );
    expect(both('deniedRange', { near: '203.0.113.9' })[1]).toMatch(
      /^203\.0\.113\.9, proche de cette adresse, a été/,
    );
    expect(both('forged', { address: '0.0.0.5', purpose: 'this', range: '0.0.0.0/8' })[1]).toContain(
      'une adresse de «\u00a0ce réseau\u00a0», d’où personne n’appelle (0.0.0.0/8)',
    );
  });

  it('is unknown to a console that is older than the text', () => {
    expect(both('newerThanThis', { count: 3 })).toEqual([undefined, undefined]);
    expect(both('agent_new', { ago: 0, renamed: 'curl' })).toEqual([undefined, undefined]);
    expect(both('country', { country: 'DE', ago: 'abc' })).toEqual([undefined, undefined]);
  });

  it('takes no value for an instruction', () => {
    const values = { country: 'DE', ago: 0, lng: 'fr', returnDetails: 1, defaultValue: 'x' };
    expect(both('country', values)[0]).toBe('This key is already used from Germany, last just now.');
  });

  it('shows what strangers wrote as it is', () => {
    expect(both('agent_new', { agent: '{{ago}} $t(evidence.days)', ago: 0 })[0]).toContain(
      '"{{ago}} $t(evidence.days)"',
    );
  });
});
