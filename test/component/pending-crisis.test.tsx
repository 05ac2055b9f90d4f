import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { succeeded } from '#shared/ipc/failure';
import { useUi } from '../../renderer/src/stores/ui';
import { account, key, KEY_ID, minutesAgo, NOW, OPERATION_ID, review, ulid, unreachable } from './builders';
import { patchMirror, renderApp } from './render-app';

const german = { country: 'DE', asn: 3320, asName: 'Deutsche Telekom AG' } as const;
const dutch = { country: 'NL', asn: 14061, asName: 'DigitalOcean, LLC' } as const;
const at = (index: number, ip: string, change: Partial<Review> = {}): Review =>
  review({ id: ulid(300 + index), ip, firstAt: minutesAgo(10 + index), ...change });

const reviews = [
  at(0, '203.0.113.9', german),
  at(1, '198.51.100.1', dutch),
  at(2, '198.51.100.2', dutch),
  at(3, '2001:db8::7', german),
];
const answers = {
  reviews: {
    answerMany: ({ reviewIds }: { readonly reviewIds: readonly string[] }) =>
      succeeded({ queued: reviewIds.length, refused: [], operationIds: [] }),
    deny: ({ reviewId }: { readonly reviewId: string }) =>
      succeeded({
        kind: 'queued' as const,
        operationId: OPERATION_ID,
        review: {
          ...(reviews.find(({ id }) => id === reviewId) as Review),
          status: 'denied' as const,
          version: 2,
        },
      }),
  },
};

const grid = () => screen.findByRole('grid', { name: 'Open reviews' });
const panelOf = (ip: string) => screen.findByRole('article', { name: ip });
const rowOf = (name: RegExp) => screen.getByRole('row', { name });
const together = () => within(screen.getByRole('group', { name: 'Answer together' }));
const isReady = (button: HTMLElement) =>
  waitFor(() => expect(button.getAttribute('aria-disabled')).toBe('false'));
const chosen = () => screen.queryAllByRole('row', { selected: true }).map(({ textContent }) => textContent);

describe('Pending with the keyboard alone', () => {
  it('moves, opens, and denies; the next review follows, with the focus in the list', async () => {
    const { user, double } = renderApp({ mirror: { reviews }, answers });
    (await grid()).focus();
    await user.keyboard('j');
    await panelOf('198.51.100.1');
    await user.keyboard('{ArrowDown}k{End}');
    const last = await panelOf('2001:db8::7');
    expect((await grid()).getAttribute('aria-activedescendant')).toBe(rowOf(/2001:db8::7/).id);
    await user.keyboard('{Enter}');
    const authorize = within(last).getByRole('button', { name: 'Authorize this address' });
    await waitFor(() => expect(document.activeElement).toBe(authorize));
    await user.keyboard('{Escape}');
    expect(document.activeElement).toBe(await grid());
    await isReady(authorize);
    await user.keyboard('2');
    expect(within(last).getByRole('radio', { name: '1 day' })).toHaveProperty('checked', true);
    await user.keyboard('{Home}');
    const first = await panelOf('203.0.113.9');
    await isReady(within(first).getByRole('button', { name: 'Deny' }));
    await user.keyboard('d');
    await panelOf('198.51.100.1');
    expect(double.requests('reviews.deny')).toMatchObject([{ reviewId: ulid(300) }]);
    expect(document.activeElement).toBe(await grid());
  });

  it('does nothing with what comes too early, with letters in a field, or under a dialog', async () => {
    const { user, double } = renderApp({ mirror: { reviews }, answers });
    (await grid()).focus();
    await user.keyboard('jd');
    const panel = await panelOf('198.51.100.1');
    expect(double.requests('reviews.deny')).toEqual([]);
    await user.type(within(panel).getByRole('textbox', { name: 'Note' }), 'djx');
    expect(screen.getByRole('textbox', { name: 'Note' })).toHaveProperty('value', 'djx');
    await user.keyboard('{Escape}?');
    expect(await screen.findByRole('dialog', { name: 'Keys of this screen' })).toBeTruthy();
    await user.keyboard('d');
    expect(double.requests('reviews.deny')).toEqual([]);
    expect(screen.getByRole('article', { name: '198.51.100.1', hidden: true })).toBeTruthy();
  });

  it('selects one, a span, all and none, and answers what is selected', async () => {
    const { user, double } = renderApp({ mirror: { reviews }, answers });
    (await grid()).focus();
    await user.keyboard('jx');
    expect(chosen()).toHaveLength(1);
    await user.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
    expect(chosen()).toHaveLength(3);
    await user.keyboard('{Shift>}K{/Shift}');
    expect(chosen()).toHaveLength(2);
    await user.keyboard('{Escape}');
    expect(chosen()).toEqual([]);
    await user.keyboard('{Control>}a{/Control}');
    expect(chosen()).toHaveLength(4);
    await isReady(together().getByRole('button', { name: 'Deny 4 addresses' }));
    await user.keyboard('d');
    expect(await screen.findByText('4 reviews answered.')).toBeTruthy();
    expect(double.requests('reviews.answerMany')).toHaveLength(1);
  });
});

describe('Pending in groups', () => {
  it('has a heading for each with what its reviews have in common, and folds', async () => {
    const { user } = renderApp({ mirror: { reviews }, answers });
    await user.click(await screen.findByRole('radio', { name: 'Network' }));
    const dutchRow = within(rowOf(/^Select the group AS14061/));
    expect(
      dutchRow.getByText('2 addresses, all from Netherlands, all with the key “Billing worker”'),
    ).toBeTruthy();
    expect(screen.getAllByRole('row')).toHaveLength(6);
    await user.click(dutchRow.getByRole('button', { name: 'Fold AS14061 DigitalOcean, LLC' }));
    expect(screen.getAllByRole('row')).toHaveLength(4);
    expect(dutchRow.getByRole('button', { name: /^Unfold/ }).getAttribute('aria-expanded')).toBe('false');
    (await grid()).focus();
    await user.keyboard('{Home}{ArrowRight}');
    const groups = screen.getAllByRole('row').filter(({ textContent }) => textContent.startsWith('AS'));
    expect(groups).toHaveLength(2);
  });

  it('is answered by the group: with its checkbox, or from its heading', async () => {
    const { user, double } = renderApp({ mirror: { reviews }, answers });
    await user.click(await screen.findByRole('radio', { name: 'Network' }));
    await user.click(screen.getByRole('checkbox', { name: 'Select the group AS14061 DigitalOcean, LLC' }));
    expect(chosen()).toHaveLength(3);
    expect(together().getByRole('heading', { name: '2 reviews selected' })).toBeTruthy();
    await user.keyboard('{Escape}');
    await user.click(rowOf(/^Select the group AS3320/));
    expect(together().getByRole('heading', { name: 'AS3320 Deutsche Telekom AG' })).toBeTruthy();
    await isReady(together().getByRole('button', { name: 'Deny 2 addresses' }));
    await user.keyboard('d');
    expect(await screen.findByText('2 reviews answered.')).toBeTruthy();
    expect(double.requests('reviews.answerMany')).toEqual([
      { reviewIds: [ulid(300), ulid(303)], answer: { kind: 'deny', addDenyRange: false } },
    ]);
  });
});

describe('a key that is probably leaked', () => {
  const tried = Array.from({ length: 12 }, (_, index) =>
    review({
      id: ulid(400 + index),
      ip: `198.51.${index}.7`,
      asn: 64_500 + index,
      firstAt: minutesAgo(index),
    }),
  );
  const title = 'Billing worker is probably leaked: 12 new addresses in 12 networks since 13:51';
  const scene = {
    mirror: { reviews: [...tried, at(0, '192.0.2.1', { keyId: ulid(7), keyName: 'Other' })], keys: [key()] },
    answers: {
      ...answers,
      keys: { rotate: () => succeeded({ key: key({ rotatedAt: NOW.toISOString() }), secret: 'gk_NEW' }) },
    },
  };
  const card = async () => within(await screen.findByRole('region', { name: title }));

  it('is shown with its steps, each of which says when it is done', async () => {
    const { user, double } = renderApp(scene);
    const steps = await card();
    await user.click(steps.getByRole('button', { name: 'Update the key…' }));
    await user.click(await screen.findByRole('button', { name: 'Make a new secret' }));
    expect((await screen.findByLabelText('Secret')).textContent).toBe('gk_NEW');
    await user.click(screen.getByRole('button', { name: 'I have stored it' }));
    patchMirror(double, { keys: { upserted: [key({ rotatedAt: NOW.toISOString() })], removed: [] } });
    expect(await steps.findByText('Key updated at 14:02')).toBeTruthy();

    await user.click(steps.getByRole('button', { name: 'Deny 12 addresses' }));
    const [sent] = double.requests('reviews.answerMany') as readonly { readonly reviewIds: string[] }[];
    expect(sent?.reviewIds.toSorted()).toEqual(tried.map(({ id }) => id));
    patchMirror(double, {
      reviews: { upserted: tried.map((each) => ({ ...each, status: 'denied', version: 2 })), removed: [] },
    });
    expect(await steps.findByText('12 addresses denied')).toBeTruthy();

    await user.click(steps.getByRole('button', { name: 'See what got in' }));
    expect(useUi.getState()).toMatchObject({
      screen: 'log',
      logDraft: {
        keyId: KEY_ID,
        verdict: 'allowed',
        fromMs: Math.min(...tried.map(({ firstAt }) => Date.parse(firstAt))),
      },
    });
    await user.click(screen.getByRole('button', { name: /^Pending/ }));
    const again = await card();
    expect(again.getByText('Looked at what got in')).toBeTruthy();
    await user.click(again.getByRole('button', { name: /^Put away/ }));
    expect(screen.queryByRole('region', { name: title })).toBeNull();
  });

  it('has its denials taken back from the card', async () => {
    const { user, double } = renderApp(scene);
    const steps = await card();
    await user.click(steps.getByRole('button', { name: 'Deny 12 addresses' }));
    const undo = await steps.findByRole('button', { name: 'Undo all' });
    await waitFor(() => expect(undo.hasAttribute('disabled')).toBe(false));
    await user.click(undo);
    await waitFor(() =>
      expect(double.requests('reviews.answerMany').at(-1)).toMatchObject({ answer: { kind: 'reopen' } }),
    );
    expect(await steps.findByRole('button', { name: 'Deny 12 addresses' })).toBeTruthy();
  });

  it('is shown to those who may only look, without its steps', async () => {
    const me = { ...account().me, role: 'user' as const };
    renderApp({ mirror: { ...scene.mirror, account: account({ me }) } });
    const steps = await card();
    for (const name of ['Update the key…', 'Deny 12 addresses']) {
      expect(steps.getByRole('button', { name }).hasAttribute('disabled')).toBe(true);
    }
    expect(steps.getByRole('button', { name: 'See what got in' }).hasAttribute('disabled')).toBe(false);
  });
});

describe('Pending in a narrow window', () => {
  const width = vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get');
  afterEach(() => void width.mockReset());

  it('opens the panel over the list, and goes back to the row', async () => {
    width.mockReturnValue(380);
    const { user } = renderApp({ mirror: { reviews, connection: unreachable }, answers });
    await grid();
    expect(screen.queryByRole('article')).toBeNull();
    await user.click(rowOf(/198\.51\.100\.1/));
    await panelOf('198.51.100.1');
    await user.click(screen.getByRole('button', { name: 'Back to the list' }));
    expect(screen.queryByRole('article')).toBeNull();
    expect(document.activeElement).toBe(await grid());
    await user.keyboard('j{Enter}');
    const panel = await panelOf('198.51.100.2');
    const deny = within(panel).getByRole('button', { name: 'Deny' });
    await isReady(deny);
    await user.click(deny);
    await waitFor(() => expect(screen.queryByRole('article')).toBeNull());
    expect(screen.getByText(/Denied\. Sent as soon as the service answers/)).toBeTruthy();
    expect(document.activeElement).toBe(await grid());
  });

  it('says what is selected under the list, and answers it from there', async () => {
    width.mockReturnValue(380);
    const { user } = renderApp({ mirror: { reviews }, answers });
    await user.click(await screen.findByRole('checkbox', { name: 'Select 198.51.100.1' }));
    expect(screen.getByText('1 review selected')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Answer together…' }));
    expect(together().getByRole('button', { name: 'Authorize 1 address' })).toBeTruthy();
  });
});
