import { afterEach, describe, expect, it } from 'vitest';
import { en, fr } from '#shared/i18n/catalogue';
import { chosenLanguage, language, LANGUAGES, onLanguage, setLanguage } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import { countryName, formatCount } from '#shared/words';
import {
  formatAgo,
  formatDateTime,
  formatLogTime,
  formatMoment,
  formatUntil,
} from '../../renderer/src/ui/format';
import { minutesAgo, NOW } from '../component/builders';

afterEach(() => setLanguage('en'));

type Rooms = Readonly<Record<string, Readonly<Record<string, string>>>>;

const textsOf = (rooms: Rooms): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(rooms).flatMap(([room, texts]) =>
      Object.entries(texts).map(([name, text]) => [`${room}.${name}`, text] as const),
    ),
  );

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(.*?)\}\}/g)].map(([all]) => all).sort();

describe('the catalogue', () => {
  it('has every text in both languages, with the same values in it', () => {
    const french = textsOf(fr);
    expect([...french.keys()].sort()).toEqual([...textsOf(en).keys()].sort());
    for (const [key, text] of textsOf(en)) {
      // English may write "One"; in French the same form is that of zero, and needs the digit.
      const counted = key.endsWith('_one') && !text.includes('{{count}}') ? `${text}{{count}}` : text;
      const wanted = [counted, text].map(placeholders);
      expect(wanted, key).toContainEqual(placeholders(french.get(key) ?? ''));
      expect(french.get(key)?.trim()).not.toBe('');
    }
  });

  it('has both forms of every plural', () => {
    const names = [...textsOf(en).keys()];
    const bases = (form: string): string[] =>
      names.filter((name) => name.endsWith(form)).map((name) => name.slice(0, -form.length));
    expect(bases('_one').sort()).toEqual(bases('_other').sort());
  });
});

describe('a text', () => {
  it('takes the plural of its language', () => {
    const reviews = (): string[] => [0, 1, 2, 1_000_000].map((count) => t('words.openReviews', { count }));
    expect(reviews()).toEqual([
      '0 open reviews',
      '1 open review',
      '2 open reviews',
      '1,000,000 open reviews',
    ]);
    setLanguage('fr');
    expect(reviews()).toEqual([
      '0 demande ouverte',
      '1 demande ouverte',
      '2 demandes ouvertes',
      '1\u202f000\u202f000 demandes ouvertes',
    ]);
  });

  it('shows a stranger’s name as it is, whatever the library would make of it', () => {
    const name = '<b>$t(settings.title) {{count}} & co</b>';
    expect(t('settings.announceKeyAgain', { name })).toBe(`Announce ${name} again`);
  });

  it('has the space of French before a colon, at which no line breaks', () => {
    setLanguage('fr');
    expect(t('frame.accountNamed', { text: 'a : b' })).toBe('Compte\u00a0: a : b');
  });
});

/** Never called: the compiler checks that these do not compile. */
function _wrongCalls(): void {
  // @ts-expect-error There is no such text.
  t('settings.nothing');
  // @ts-expect-error The text needs its value.
  t('frame.synced');
  // @ts-expect-error The value has another name.
  t('frame.synced', { time: '14:02' });
  // @ts-expect-error A plural needs its count, and one that is a number.
  t('words.openReviews', { count: '3' });
}

describe('the language', () => {
  it.each([
    ['system', [], 'en'],
    ['system', ['de-DE', 'fr-CA', 'en-US'], 'fr'],
    ['system', ['en-US', 'fr'], 'en'],
    ['system', ['frr'], 'en'],
    ['en', ['fr-FR'], 'en'],
    ['fr', [], 'fr'],
  ] as const)('for the choice %s on a system with %j is %s', (choice, system, wanted) => {
    expect(chosenLanguage(choice, system)).toBe(wanted);
  });

  it('tells its listeners of a change, and of nothing else', () => {
    const heard: string[] = [];
    const stop = onLanguage(() => heard.push(language()));
    for (const each of [...LANGUAGES, 'fr' as const]) setLanguage(each);
    stop();
    setLanguage('en');
    expect(heard).toEqual(['fr']);
  });
});

describe('French', () => {
  const nowMs = NOW.getTime();
  it('has its own times', () => {
    setLanguage('fr');
    expect(
      [0, 0.7, 12, 150, 60 * 30, 60 * 24 * 5].map((minutes) => formatAgo(minutesAgo(minutes), nowMs)),
    ).toEqual([
      'à l’instant',
      'il y a 40\u00a0s',
      'il y a 12\u00a0min',
      'il y a 2\u00a0h',
      'hier',
      'il y a 5 jours',
    ]);
    expect(formatUntil(minutesAgo(-60 * 24 * 60), nowMs)).toBe('le 23 janv. 2027');
    expect(formatDateTime(minutesAgo(0))).toBe('24 nov. 2026, 14:02:11');
    expect(formatLogTime(minutesAgo(60 * 24), nowMs)).toBe('23 nov., 14:02');
    expect([formatMoment(minutesAgo(2), nowMs), formatMoment(minutesAgo(60 * 24), nowMs)]).toEqual([
      '14:00',
      'le 23 nov. 2026, 14:02:11',
    ]);
  });

  it('has its own numbers and countries', () => {
    setLanguage('fr');
    expect([formatCount(12_345), countryName('DE')]).toEqual(['12\u202f345', 'Allemagne']);
  });
});
