import { afterEach, describe, expect, it } from 'vitest';
import { sentence, sentencesInWords, type Words } from '#shared/domain/sentence';
import { en } from '#shared/i18n/catalogue';
import { setLanguage } from '#shared/i18n/language';

const inFrench = (...sentences: Words[]): string | undefined => {
  setLanguage('fr');
  return sentencesInWords(sentences);
};

const names = Object.keys(en.service);
const reasons = names
  .filter((name) => name.startsWith('reason_'))
  .map((name) => name.slice('reason_'.length));
const texts = names.filter((name) => !name.startsWith('reason_'));

/** A value for every placeholder of the room. */
const VALUES = Object.fromEntries(
  Object.values(en.service).flatMap((text) =>
    [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']): [string, string] => [name, `<${name}>`]),
  ),
);

afterEach(() => setLanguage('en'));

describe('a sentence of the service', () => {
  it('is said in English, and is told in words', () => {
    const said = sentence('databaseAway', { reason: 'slow', seconds: 1.5 });
    expect(said.english).toBe('The service’s database is not available: it took longer than 1.5 s.');
    expect(said.words).toEqual({ text: 'databaseAway', values: { reason: 'slow', seconds: 1.5 } });
    expect(inFrench(said.words)).toBe(
      'La base de données du service n’est pas disponible\u00a0: elle a mis plus de 1,5\u00a0s.',
    );
  });

  it.each(texts)('%s has words in both languages', (text) => {
    const words = { text, values: { ...VALUES, reason: 'full' } };
    const [english, french] = [sentencesInWords([words]), inFrench(words)];
    expect(english).not.toBeUndefined();
    expect(french).not.toBeUndefined();
    expect(french).not.toBe(english);
  });

  it.each(reasons)('has words in both languages for the reason %s', (reason) => {
    const words = { text: 'databaseAway', values: { ...VALUES, reason } };
    for (const said of [sentencesInWords([words]), inFrench(words)]) {
      expect(said).not.toBeUndefined();
      expect(said).not.toMatch(/\{\{/);
    }
  });

  it('is followed by the others of its field', () => {
    const locked = sentence('databaseAway', { reason: 'locked' }).words;
    const behind = sentence('clockBehind', { seconds: 1_200 }).words;
    expect(inFrench(locked, behind)).toBe(
      'La base de données du service n’est pas disponible\u00a0: son fichier est verrouillé par un autre programme. ' +
        'L’horloge d’un ordinateur du service retarde de 1\u202f200 secondes sur celle de la base de données, qu’il suit à sa place.',
    );
  });

  it('is left to the service where a newer one says what this console does not know', () => {
    const known = sentence('listEmpty').words;
    expect(inFrench(known, { text: 'ofTomorrow', values: {} })).toBeUndefined();
    expect(inFrench({ text: 'databaseAway', values: { reason: 'ofTomorrow' } })).toBeUndefined();
    expect(inFrench({ text: 'databaseAway', values: { reason: 'slow' } })).toBeUndefined();
    expect(inFrench()).toBeUndefined();
    expect(sentencesInWords(undefined)).toBeUndefined();
  });

  it('shows what strangers wrote as it is', () => {
    const said = sentence('hostUnusable', { host: '{{problem}}', problem: '$t(service.listEmpty)' });
    expect(said.english).toBe('{{problem}} cannot be asked: $t(service.listEmpty).');
  });
});
