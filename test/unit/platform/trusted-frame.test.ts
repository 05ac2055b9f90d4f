import { describe, expect, it } from 'vitest';
import { isAppUrl } from '#electron/platform/app-protocol/app-origin';
import { refusalOf } from '#electron/platform/ipc/register-calls';

const page = 'app://gatehouse/index.html?window=console';

describe('who may call the main process', () => {
  it('is the main frame of a window of ours, on a page of ours', () => {
    expect(refusalOf(true, { url: page, parent: null })).toBeUndefined();
  });

  it.each([
    ['a window that this app did not open', false, { url: page, parent: null }],
    ['a frame that is gone', true, null],
    ['a frame inside the page', true, { url: page, parent: {} }],
    ['a web page', true, { url: 'https://gatehouse/index.html', parent: null }],
    ['a file', true, { url: 'file:///app/gatehouse/index.html', parent: null }],
    ['an empty page', true, { url: 'about:blank', parent: null }],
    ['a neighbour', true, { url: 'app://gatehouse.example/index.html', parent: null }],
    ['a page of ours on a port', true, { url: 'app://gatehouse:8080/index.html', parent: null }],
    ['no URL at all', true, { url: '', parent: null }],
  ])('is not %s', (_who, isOwnWindow, frame) => {
    expect(refusalOf(isOwnWindow, frame)).toBeDefined();
  });

  it.each(['app://me@gatehouse/', 'app://gatehouse@evil/', 'apps://gatehouse/', 'app:gatehouse'])(
    '%s is no address of the app',
    (url) => {
      expect(isAppUrl(url)).toBe(false);
    },
  );
});
