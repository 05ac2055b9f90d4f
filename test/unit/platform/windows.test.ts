import { describe, expect, it } from 'vitest';
import { reviewOfArguments, reviewOfLink } from '#electron/platform/deep-link';
import { placeConsole } from '#electron/platform/windows/window-state';

const SCREEN = { x: 0, y: 0, width: 1920, height: 1080 };
const saved = { x: 100, y: 80, width: 1300, height: 900, maximized: false };

describe('where the console opens', () => {
  it.each([
    ['the first time', null, [SCREEN], { width: 1240, height: 820 }],
    ['where it was', saved, [SCREEN], { x: 100, y: 80, width: 1300, height: 900 }],
    ['on a second screen', { ...saved, x: 2000 }, [SCREEN, { ...SCREEN, x: 1920 }], { ...saved, x: 2000 }],
    ['when that screen is gone', { ...saved, x: 2000 }, [SCREEN], { width: 1300, height: 900 }],
    ['when its title bar is above the screen', { ...saved, y: -500 }, [SCREEN], { width: 1300, height: 900 }],
    ['when only its edge is on the screen', { ...saved, x: 1900 }, [SCREEN], { width: 1300, height: 900 }],
    [
      'never too small',
      { ...saved, width: 10, height: 10 },
      [SCREEN],
      { x: 100, y: 80, width: 900, height: 600 },
    ],
  ])('%s', (_name, state, screens, expected) => {
    const { maximized: _, ...place } = { maximized: false, ...expected };
    expect(placeConsole(state, screens)).toEqual(place);
  });
});

describe('a link', () => {
  const ID = '01M86BXPBE0GJ6ZGJSCPT3Q150';

  it.each([
    [`gatehouse://review/${ID}`, ID],
    [`gatehouse://review/${ID}/`, ID],
    [`GATEHOUSE://REVIEW/${ID.toLowerCase()}`, ID],
    [`gatehouse://review/${ID}?x=1`, null],
    [`gatehouse://review/../${ID}`, null],
    [`gatehouse://review/`, null],
    [`https://review/${ID}`, null],
    [`x gatehouse://review/${ID}`, null],
  ])('%s names %s', (link, id) => {
    expect(reviewOfLink(link)).toBe(id);
  });

  it('is found among other arguments', () => {
    expect(reviewOfArguments(['/usr/bin/electron', '.', '--flag', `gatehouse://review/${ID}`])).toBe(ID);
    expect(reviewOfArguments(['/usr/bin/electron', '.'])).toBeNull();
  });
});
