// @vitest-environment jsdom
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { escapeMarkup, printable } from '#electron/platform/notifications/printable';
import { readActivation, toastXml } from '#electron/platform/notifications/windows-toast';
import { makeAnnouncement } from '#test/support/console/builders';

const announcement = makeAnnouncement({
  title: 'Blocked: <b>',
  body: 'Key “a & b”',
  buttons: [{ id: 'deny', label: 'Deny' }],
  stays: false,
});

const parseXml = (text: string): Document => new DOMParser().parseFromString(text, 'application/xml');

/** Any text, also such as no person would write. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constant('\uD800x\u0000'),
);

describe('text that is shown', () => {
  it('loses what cannot be shown, and keeps lines', () => {
    expect(printable('a\u0000\u0007b\n\tc\uD800d😀')).toBe('ab\n\tc\uFFFDd😀');
    // A mark that turns the direction of what follows.
    expect(printable('a\u202Ecod.exe')).toBe('acod.exe');
  });

  it('is the same after it has been through XML', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const read = parseXml(`<a b="${escapeMarkup(printable(text))}">${escapeMarkup(printable(text))}</a>`);
        expect(read.documentElement.textContent).toBe(printable(text));
      }),
    );
  });
});

describe('the toast of Windows', () => {
  it('is XML whatever the texts are, and gives back what was pressed', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), anyText, (id, text) => {
        const buttons = [{ id, label: text }];
        const toast = parseXml(toastXml(id, 'first', { ...announcement, title: text, body: text, buttons }));
        const [title, body] = toast.querySelectorAll('text');
        expect([title?.textContent, body?.textContent]).toEqual([printable(text), printable(text)]);
        const click = toast.documentElement.getAttribute('launch') ?? '';
        const press = toast.querySelector('action')?.getAttribute('arguments') ?? '';
        expect(readActivation({ type: 'click', arguments: click })).toEqual({
          event: { kind: 'clicked', id },
          showing: 'first',
        });
        expect(readActivation({ type: 'action', arguments: press })).toEqual({
          event: { kind: 'pressed', id, button: id },
          showing: 'first',
        });
      }),
    );
  });

  it('stays only with a button of Windows that puts it away', () => {
    const goes = parseXml(toastXml('q1', 'first', announcement));
    const stays = parseXml(toastXml('q1', 'first', { ...announcement, stays: true }));
    expect(goes.documentElement.getAttribute('scenario')).toBeNull();
    expect(goes.querySelectorAll('action')).toHaveLength(1);
    expect(stays.documentElement.getAttribute('scenario')).toBe('reminder');
    expect(stays.querySelector('action[activationType="system"]')?.getAttribute('arguments')).toBe('dismiss');
  });

  it('is not made up from the arguments of another', () => {
    expect(readActivation({ type: 'click', arguments: 'tag=q1' })).toBeUndefined();
    expect(readActivation({ type: 'action', arguments: 'showing=x' })).toBeUndefined();
    expect(readActivation({ type: 'action', arguments: 'tag=q1&showing=x' })?.event).toEqual({
      kind: 'clicked',
      id: 'q1',
    });
  });
});
