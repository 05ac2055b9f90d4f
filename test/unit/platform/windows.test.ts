import { describe, expect, it } from 'vitest';
import { reviewOfArguments, reviewOfLink } from '#electron/platform/deep-link';
import { CONSOLE_SIZES, placeWindow } from '#electron/platform/windows/window-state';

const SCREEN = { x: 0, y: 0, width: 1920, height: 1080 };
const SMALL = { x: 0, y: 0, width: 800, height: 600 };
const saved = { x: 100, y: 80, width: 1300, height: 900 };

describe('where the console opens', () => {
  it.each([
    ['the first time', null, [SCREEN], { x: 335, y: 108, width: 1240, height: 820 }],
    ['the first time on a small screen', null, [SMALL], { x: 0, y: 0, width: 790, height: 556 }],
    ['where it was', saved, [SCREEN], saved],
    ['on a second screen', { ...saved, x: 2000 }, [SCREEN, { ...SCREEN, x: 1920 }], { ...saved, x: 2000 }],
    ['when that screen is gone', { ...saved, x: 2000 }, [SCREEN], { ...saved, x: 610 }],
    ['when its title bar is above the screen', { ...saved, y: -500 }, [SCREEN], { ...saved, y: 0 }],
    ['when only its edge is on the screen', { ...saved, x: 1900 }, [SCREEN], { ...saved, x: 610 }],
    ['when its screen is smaller now', saved, [SMALL], { x: 0, y: 0, width: 790, height: 556 }],
    ['never too small', { ...saved, width: 10, height: 10 }, [SCREEN], { ...saved, width: 800, height: 540 }],
  ] as const)('%s', (_name, state, screens, expected) => {
    expect(placeWindow(CONSOLE_SIZES, state, screens)).toMatchObject(expected);
  });

  it('may always become as small as its screen', () => {
    const { minWidth, minHeight } = placeWindow(CONSOLE_SIZES, null, [{ ...SMALL, width: 640, height: 480 }]);
    expect([minWidth, minHeight]).toEqual([630, 436]);
  });
});

describe('a link', () => {
  const ID = '01M86BXPBE0GJ6ZGJSCPT3Q150';

  it.each([
    [`gatehouse://review/${ID}`, ID],
    [`gatehouse://review/${ID}/`, ID],
    [`GATEHOUSE://REVIEW/${ID.toLowerCase()}`, ID],
    [`gatehouse://review/${ID}?x=1`, undefined],
    [`gatehouse://review/../${ID}`, undefined],
    [`gatehouse://review/`, undefined],
    [`https://review/${ID}`, undefined],
    [`x gatehouse://review/${ID}`, undefined],
  ])('%s names %s', (link, id) => {
    expect(reviewOfLink(link)).toBe(id);
  });

  it('is found among other arguments', () => {
    expect(reviewOfArguments(['/usr/bin/electron', '.', '--flag', `gatehouse://review/${ID}`])).toBe(ID);
    expect(reviewOfArguments(['/usr/bin/electron', '.'])).toBeUndefined();
  });
});
