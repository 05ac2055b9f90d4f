import { describe, expect, it, onTestFinished } from 'vitest';
import { setLanguage } from '#shared/i18n/language';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/durations';
import {
  type Cause,
  defaultNotificationPreferences,
  type NotificationPreferences,
} from '#shared/ipc/notifications';
import { GRACE_MS, SILENCE_MS } from '#electron/core/notify/causes/unreachable';
import type { Facts, ModeChange } from '#electron/core/notify/facts';
import { clockTime, localDay } from '#electron/core/notify/local-time';
import type { OnScreen } from '#electron/core/notify/decision';
import { makeRange, makeSource } from '#test/support/console/builders';
import { decided, inShort, NOW_MS, type Said } from '#test/support/console/notification-facts';

const shown = (id: Exclude<Cause, 'review'>, facts: Partial<Facts>, agoMs = MINUTE_MS): Said => {
  const first = decided(facts, {}, all).find((decision) => decision.do === 'show' && decision.id === id);
  if (first?.do !== 'show') throw new Error(`${id} is not shown`);
  const { announcement, count } = first;
  const onScreen: OnScreen = { announcement, count, shownAtMs: NOW_MS - agoMs };
  return {
    onScreen: new Map([[id, onScreen]]),
    announced: first.subjects.map((subject) => `${id} ${subject}`),
  };
};
const all: Partial<NotificationPreferences> = {
  causes: { ...defaultNotificationPreferences.causes, grant_added: true },
};
const without = (cause: Cause): Partial<NotificationPreferences> => ({
  causes: { ...defaultNotificationPreferences.causes, [cause]: false },
});

type Row = readonly [string, Partial<Facts>, Said, readonly string[], Partial<NotificationPreferences>?];
const table = (rows: readonly Row[]): void => {
  for (const [name, facts, said, expected, preferences = all] of rows) {
    it(name, () => {
      expect(inShort(decided(facts, said, preferences))).toEqual(expected);
    });
  }
};

describe('unreachable', () => {
  const why = { cause: 'Nothing answers.', isOwn: false };
  const outage = { sinceMs: NOW_MS - SILENCE_MS, noticedMs: NOW_MS - SILENCE_MS, ...why };
  const down = { outage, isOnline: false };
  const signedOut = { signedOut: 'The token has expired.', isOnline: false };
  table([
    ['for a minute', down, {}, ['show unreachable']],
    [
      'for less',
      { ...down, outage: { ...why, sinceMs: NOW_MS - 1_000, noticedMs: NOW_MS } },
      {},
      [`wait ${SILENCE_MS - 1_000}`],
    ],
    [
      'for long, but found out just now',
      { ...down, outage: { ...why, sinceMs: 0, noticedMs: NOW_MS } },
      {},
      [`wait ${GRACE_MS}`],
    ],
    ['and told', down, { announced: ['unreachable outage'] }, []],
    ['and on the screen', down, shown('unreachable', down), []],
    ['in quiet', { ...down, quiet: 'desktop' }, {}, ['hold unreachable outage desktop']],
    ['in quiet, known', { ...down, quiet: 'desktop' }, { held: ['unreachable outage'] }, []],
    ['after quiet', down, { held: ['unreachable outage'] }, ['show unreachable']],
    ['after quiet, and over', {}, { held: ['unreachable outage'] }, ['forget unreachable outage']],
    ['and nobody wants to know', down, {}, [], without('unreachable')],
    [
      'and nobody wants to know any more',
      down,
      shown('unreachable', down),
      ['withdraw unreachable off'],
      without('unreachable'),
    ],
    ['over', {}, shown('unreachable', down), ['forget unreachable outage', 'withdraw unreachable over']],
    ['over a restart', { isOnline: false }, { announced: ['unreachable outage'] }, []],
    ['signed out', signedOut, {}, ['show unreachable']],
    ['signed out, told', signedOut, shown('unreachable', signedOut), []],
    [
      'signed in again',
      {},
      shown('unreachable', signedOut),
      ['forget unreachable signed-out', 'withdraw unreachable over'],
    ],
    ['signed out after an outage', signedOut, shown('unreachable', down), ['show unreachable']],
  ]);
});

describe('the cause of an outage', () => {
  const said = (isOwn: boolean) => {
    const since = NOW_MS - SILENCE_MS;
    const outage = { sinceMs: since, noticedMs: since, cause: 'The disk is full.', isOwn };
    const [show] = decided({ outage, isOnline: false });
    if (show?.do !== 'show') throw new Error('nothing is shown');
    return show.announcement;
  };

  it('is told, and whose it is', () => {
    expect(said(false)).toMatchObject({
      title: 'The service does not answer',
      body: expect.stringContaining('The disk is full.') as string,
    });
    expect(said(true).title).toBe('This computer is in trouble');
  });
});

describe('the state of the service', () => {
  const refusing = { serviceState: { state: 'refusing', why: 'Its disk is full.' } } as const;
  const locked = { serviceState: { state: 'refusing', why: 'Its file is locked.' } } as const;
  const letsIn = { serviceState: { state: 'degraded', why: 'Its disk is full.', letsIn: true } } as const;
  const degraded = { serviceState: { state: 'degraded', why: 'A proxy names nobody.' } } as const;
  const told = { announced: ['service_state refusing'] };
  table([
    ['refuses every call', refusing, {}, ['show service_state']],
    ['lets every call in', letsIn, {}, ['show service_state']],
    ['is trouble with a proxy', degraded, {}, ['show service_state']],
    ['told', refusing, told, []],
    ['told, and on the screen', refusing, shown('service_state', refusing), []],
    ['for another cause', locked, shown('service_state', refusing), ['update service_state']],
    [
      'is worse than it was',
      refusing,
      shown('service_state', degraded),
      ['forget service_state degraded', 'show service_state'],
    ],
    [
      'over',
      {},
      shown('service_state', refusing),
      ['forget service_state refusing', 'withdraw service_state over'],
    ],
    ['not known', { serviceState: undefined }, shown('service_state', refusing), []],
    ['in quiet', { ...refusing, quiet: 'desktop' }, {}, ['hold service_state refusing desktop']],
    ['in quiet, and over', {}, { held: ['service_state refusing'] }, ['forget service_state refusing']],
    ['unwanted', refusing, {}, [], without('service_state')],
  ]);

  it('says what the protected API gets, and why', () => {
    const words = [refusing, letsIn, degraded].map((facts) => {
      const [show] = decided(facts);
      return show?.do === 'show' ? `${show.announcement.title}: ${show.announcement.body}` : '';
    });
    expect(words).toEqual([
      'Every call is refused (503): Its disk is full. (gate.example)',
      'Calls are let in without a verdict: Its disk is full. Only calls that are known to be blocked stay out. (gate.example)',
      'Something is wrong with how calls reach the service: A proxy names nobody. (gate.example)',
    ]);
  });
});

describe('operations that wait for a decision', () => {
  const one = { undecidedIds: ['a'] };
  const two = { undecidedIds: ['a', 'b'] };
  table([
    ['none', {}, {}, []],
    ['one', one, {}, ['show undecided_operation']],
    ['one more', two, shown('undecided_operation', one), ['show undecided_operation']],
    ['one less', one, shown('undecided_operation', two), ['update undecided_operation']],
    ['one less, at once', one, shown('undecided_operation', two, 1_000), ['wait 4000']],
    ['none left', {}, shown('undecided_operation', two), ['withdraw undecided_operation over']],
    ['put away', one, { announced: ['undecided_operation a'] }, []],
    [
      'in quiet',
      { ...two, quiet: 'snoozed' },
      { held: ['undecided_operation a'] },
      ['hold undecided_operation b snoozed'],
    ],
    ['unwanted', one, {}, [], without('undecided_operation')],
  ]);
});

describe('a change of the mode', () => {
  const change = (id: string, to: ModeChange['to']): ModeChange => ({
    id,
    atMs: NOW_MS,
    by: 'bob@example.com',
    from: 'manual',
    to,
  });
  const off = { mode: 'deactivated', modeChanges: [change('1', 'deactivated')] } as const;
  const automatic = { mode: 'automatic', modeChanges: [change('1', 'automatic')] } as const;
  table([
    ['one', off, {}, ['show mode_changed']],
    [
      'two',
      { mode: 'automatic', modeChanges: [...off.modeChanges, change('2', 'automatic')] },
      {},
      ['show mode_changed'],
    ],
    ['overtaken', { ...off, mode: 'manual' }, {}, ['drop mode_changed 1 overtaken']],
    ['in quiet', { ...off, quiet: 'desktop' }, {}, ['hold mode_changed 1 desktop']],
    ['in quiet, known', { ...off, quiet: 'desktop' }, { held: ['mode_changed 1'] }, []],
    ['unwanted', off, {}, ['drop mode_changed 1 off'], without('mode_changed')],
    ['on the screen', { mode: 'automatic' }, shown('mode_changed', automatic), []],
    [
      'on the screen, and changed back',
      { mode: 'manual' },
      shown('mode_changed', automatic),
      ['withdraw mode_changed over'],
    ],
  ]);

  it('remembers all of them, and tells the last', () => {
    const facts = { mode: 'automatic', modeChanges: [...off.modeChanges, change('2', 'automatic')] } as const;
    expect(decided(facts)).toMatchObject([
      {
        subjects: ['1', '2'],
        announcement: { title: 'Protection is now in automatic mode', urgency: 'normal' },
      },
    ]);
    expect(decided(off)).toMatchObject([{ announcement: { urgency: 'critical', stays: true } }]);
  });

  it('stays where it is when another language is chosen', () => {
    const on = shown('mode_changed', automatic);
    setLanguage('fr');
    onTestFinished(() => setLanguage('en'));
    expect(inShort(decided({ mode: 'automatic' }, on))).toEqual([]);
    const [decision] = decided(off);
    expect(decision).toMatchObject({ announcement: { title: 'La protection est désactivée' } });
    expect(decision).toHaveProperty(
      'announcement.body',
      `bob@example.com a changé le mode à ${clockTime(NOW_MS)} (auparavant\u00a0: manuel). Toute adresse passe.`,
    );
  });
});

describe('the end of learning', () => {
  const learning = (endsInMs: number, windowMs = 30 * DAY_MS): Partial<Facts> => ({
    mode: 'learning',
    learning: { endsAtMs: NOW_MS + endsInMs, windowMs },
  });
  const near = learning(HOUR_MS);
  const day = localDay(NOW_MS + HOUR_MS);
  table([
    ['far away', learning(3 * DAY_MS), {}, [`wait ${2 * DAY_MS}`]],
    ['a day away', learning(DAY_MS), {}, ['show learning_ending', `wait ${DAY_MS}`]],
    ['in a short window', learning(2 * HOUR_MS, 10 * HOUR_MS), {}, [`wait ${HOUR_MS}`]],
    ['told', near, { announced: [`learning_ending ${day}`] }, [`wait ${HOUR_MS}`]],
    [
      'moved on',
      learning(3 * DAY_MS),
      shown('learning_ending', near),
      ['withdraw learning_ending over', `wait ${2 * DAY_MS}`],
    ],
    ['reached', learning(0), shown('learning_ending', near), ['withdraw learning_ending over']],
    ['over', {}, shown('learning_ending', near), ['withdraw learning_ending over']],
    [
      'in quiet',
      { ...near, quiet: 'quiet_hours' },
      {},
      [`hold learning_ending ${day} quiet_hours`, `wait ${HOUR_MS}`],
    ],
    ['unwanted', near, {}, [`wait ${HOUR_MS}`], without('learning_ending')],
  ]);

  it('offers another mode to those who may choose one', () => {
    const clickFor = (mayAnswer: boolean): string | undefined => {
      const [first] = decided({ ...near, mayAnswer });
      return first?.do === 'show' ? first.announcement.click : undefined;
    };
    expect(clickFor(true)).toBe('chooseMode');
    expect(clickFor(false)).toBe('see');
  });
});

describe('what the trust review lets in', () => {
  const [first, second] = [makeRange({ source: 'automatic' }), makeRange({ source: 'automatic' })];
  const one = { grants: [first] };
  table([
    ['one', one, {}, ['show grant_added']],
    ['unwanted, which is the default', one, {}, [`drop grant_added ${first.id} off`], {}],
    ['in quiet', { ...one, quiet: 'desktop' }, {}, [`drop grant_added ${first.id} desktop`]],
    ['one more soon', { grants: [second] }, shown('grant_added', one, 1_000), ['wait 4000']],
    ['unwanted any more', {}, shown('grant_added', one), ['withdraw grant_added off'], {}],
  ]);

  it('counts what is on the screen too', () => {
    expect(decided({ grants: [second] }, shown('grant_added', one), all)).toMatchObject([
      { count: 2, announcement: { title: 'Let in: 2 ranges', urgency: 'low' } },
    ]);
  });
});

describe('sources in trouble', () => {
  const failing = makeSource({ status: 'failing' });
  const shrunk = makeSource({ label: 'Bots', status: 'shrunk' });
  const well = { ...failing, status: 'ok' } as const;
  const one = { sources: [failing, makeSource()] };
  const both = { sources: [failing, shrunk] };
  const told = `source_trouble ${failing.id}`;
  table([
    ['none of them', { sources: [makeSource(), makeSource({ status: 'paused' })] }, {}, []],
    ['one', one, {}, ['show source_trouble']],
    ['one, told', one, { announced: [told] }, []],
    ['one, and nobody wants to know', one, {}, [], without('source_trouble')],
    [
      'one, and nobody wants to know any more',
      one,
      shown('source_trouble', one),
      ['withdraw source_trouble off'],
      without('source_trouble'),
    ],
    ['one, in quiet', { ...one, quiet: 'desktop' }, {}, [`hold source_trouble ${failing.id} desktop`]],
    ['one, in quiet, known', { ...one, quiet: 'desktop' }, { held: [told] }, []],
    ['one, after quiet', one, { held: [told] }, ['show source_trouble']],
    ['a second one', both, shown('source_trouble', one), ['show source_trouble']],
    ['the second one is well again', one, shown('source_trouble', both, 1_000), ['wait 4000']],
    [
      'the last one is well again',
      { sources: [well] },
      shown('source_trouble', one),
      [`forget source_trouble ${failing.id}`, 'withdraw source_trouble over'],
    ],
    ['the last one was removed', {}, shown('source_trouble', one), ['withdraw source_trouble over']],
  ]);

  const titleOf = (facts: Partial<Facts>): string | undefined => {
    const [first] = decided(facts);
    return first?.do === 'show' ? first.announcement.title : undefined;
  };

  it('are told by name and trouble, several as a number', () => {
    expect(titleOf(one)).toBe('Partner cannot be read');
    expect(titleOf({ sources: [shrunk] })).toBe('Bots became much smaller');
    expect(titleOf(both)).toBe('2 sources of ranges are in trouble');
  });

  it('are told in French as well', () => {
    setLanguage('fr');
    onTestFinished(() => setLanguage('en'));
    expect(titleOf(one)).toBe('Impossible de lire Partner');
    expect(titleOf({ sources: [shrunk] })).toBe('Bots a beaucoup diminué');
    expect(titleOf(both)).toBe('2 sources de plages sont en difficulté');
  });
});

describe('quiet that begins or ends by time', () => {
  table([['is waited for', { nextQuietChangeMs: NOW_MS + 7 }, {}, ['wait 7']]]);
});
