import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import type { Screen } from '#shared/ipc/screens';
import { makeAuditEvent } from '#test/support/console/builders';
import { showScreen } from '../../renderer/src/stores/ui';
import { account, attempt, key, range, review, ulid } from './builders';
import { patchMirror, renderApp, type Scene } from './render-app';

/** Turns the direction of what follows, and is not seen. */
const TURNED = 'a\u202Egnp.exe\u2066\u200Bb';
const SHOWN = 'a[U+202E]gnp.exe[U+2066][U+200B]b';
const HIDDEN = /[\u200B-\u200F\u202A-\u202E\u2066-\u2069]/;

const caller = {
  ip: '203.0.113.9',
  userAgent: TURNED,
  method: 'GET',
  path: `/${TURNED}`,
  at: review().lastAt,
};
const hostile = range({ label: TURNED, createdBy: TURNED });

const HOSTILE: Scene = {
  mirror: {
    account: account({ name: TURNED }),
    reviews: [
      review({ keyName: TURNED, asName: TURNED, addressCount: 2, callers: [caller] }),
      review({ id: ulid(201), ip: '203.0.113.10', keyName: TURNED }),
    ],
    ranges: [hostile],
    keys: [key({ name: TURNED })],
  },
  answers: {
    log: {
      page: () =>
        succeeded({
          items: [attempt(1, { keyName: TURNED, path: TURNED, userAgent: TURNED, asName: TURNED })],
          nextCursor: null,
        }),
    },
    audit: {
      page: () =>
        succeeded({
          items: [makeAuditEvent({ actor: { kind: 'user', name: TURNED }, after: { label: TURNED } })],
          nextCursor: null,
        }),
    },
    reviews: { deny: () => failed({ kind: 'service', code: 'x', message: TURNED }) },
  },
};

/** With every attribute, and what is written in the fields. */
const everything = (): string =>
  [
    document.documentElement.outerHTML,
    document.title,
    ...[...document.querySelectorAll('input')].map(({ value }) => value),
  ].join('\n');

describe('what strangers and colleagues write turns no text of ours', () => {
  it('on any screen', async () => {
    const { double } = renderApp(HOSTILE);
    await screen.findAllByText(SHOWN);
    for (const name of ['pending', 'log', 'ranges', 'keys', 'activity', 'settings'] as const) {
      act(() => showScreen(name satisfies Screen));
      await screen.findByRole('heading', { level: 1 });
      expect((await screen.findAllByText(SHOWN, { exact: false })).length, name).toBeGreaterThan(0);
      expect(everything(), name).not.toMatch(HIDDEN);
    }
    act(() => showScreen('keys'));
    patchMirror(double, { keys: { upserted: [key({ name: `new ${TURNED}` })], removed: [] } });
    await screen.findAllByText(`new ${SHOWN}`);
    expect(everything()).not.toMatch(HIDDEN);
  });

  it('in a dialog, in a sentence about a failure, in the approval window', async () => {
    const { user } = renderApp({ ...HOSTILE, approval: ulid(200) });
    const deny = await screen.findByRole<HTMLButtonElement>('button', { name: /^Deny$|^DenyD$|^Deny D$/ });
    // The window takes no input in its first moment.
    await waitFor(() => expect(deny.disabled).toBe(false));
    await user.click(deny);
    await within(await screen.findByRole('alert')).findByText(SHOWN, { exact: false });
    expect(everything()).not.toMatch(HIDDEN);
  });
});
