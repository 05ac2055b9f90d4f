import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import { axeFindings } from '#test/support/axe';
import { useMirror } from '../../renderer/src/stores/mirror';
import { usePendingList } from '../../renderer/src/stores/pending-list';
import { useUi } from '../../renderer/src/stores/ui';
import {
  account,
  accountList,
  desktop,
  key,
  minutesAgo,
  notifications,
  OPERATION_ID,
  range,
  remote,
  review,
  summary,
  ulid,
  unreachable,
} from './builders';
import { patchMirror, renderApp, type Scene } from './render-app';

document.documentElement.lang = 'en';

/** Renders the console, and opens the search by its key. */
const opened = async (scene: Scene = {}) => {
  const app = renderApp(scene);
  await screen.findByRole('button', { name: 'Search…' });
  await app.user.keyboard('{Control>}k{/Control}');
  await screen.findByRole('dialog', { name: 'Search' });
  await waitFor(() => expect(document.activeElement).toBe(field()));
  return app;
};
const field = () => screen.getByRole('combobox');
const options = () => screen.getAllByRole('option');
const texts = () => options().map(({ textContent }) => textContent.trim());
const groups = () => screen.getAllByRole('group').map((group) => group.getAttribute('aria-label'));
const inGroup = (name: string) =>
  within(screen.getByRole('group', { name }))
    .getAllByRole('option')
    .map(({ textContent }) => textContent.trim());
const active = () =>
  document.getElementById(field().getAttribute('aria-activedescendant') ?? '')?.textContent.trim();
const choose = async (user: UserEvent, text: string) => {
  await user.keyboard(text);
  await user.keyboard('{Enter}');
  expect(screen.queryByRole('dialog', { name: 'Search' })).toBeNull();
};
const reader = account({ me: { userId: ulid(3), email: 'r@example.com', role: 'user', permissions: [] } });

describe('the search', () => {
  it('begins with the screens and what can be done', async () => {
    await opened();
    expect(groups()).toEqual(['Screens', 'Actions']);
    const items = within(screen.getByRole('navigation', { name: 'Screens' })).getAllByRole('button', {
      hidden: true,
    });
    expect(inGroup('Screens')).toEqual(items.map(({ textContent }) => textContent.trim()));
    expect(inGroup('Actions')).toEqual([
      'Add a range…',
      'Import ranges…',
      'Create an API key…',
      'Add a user…',
      'Change the mode…',
      'Show the changes that wait to be sent',
      'Pause notifications for 1 hour',
      'Pause notifications until tomorrow',
      'Add an account…',
    ]);
    expect(await axeFindings()).toEqual([]);
  });

  it('is used by the keyboard alone, and gives the focus back', async () => {
    const { user } = renderApp();
    const button = await screen.findByRole('button', { name: 'Search…' });
    act(() => button.focus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(document.activeElement).toBe(field()));
    expect(active()).toBe('Overview');
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}');
    expect(active()).toBe('Pending');
    expect(options().filter((option) => option.getAttribute('aria-selected') === 'true')).toHaveLength(1);
    await user.keyboard('{ArrowUp}{ArrowUp}');
    expect(active()).toBe('Add an account…');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(button);
    await user.keyboard('{Control>}k{/Control}');
    await waitFor(() => expect(document.activeElement).toBe(field()));
    await choose(user, 'prot');
    expect(useUi.getState().screen).toBe('protection');
    expect(document.activeElement).toBe(button);
  });

  it('opens from the menu of the app, and not over a form', async () => {
    const { double, user } = renderApp();
    await screen.findByRole('button', { name: 'Search…' });
    act(() => double.emit('app', 'navigate', { place: 'search' }));
    await screen.findByRole('dialog', { name: 'Search' });
    await waitFor(() => expect(document.activeElement).toBe(field()));
    await choose(user, 'add a ra');
    await screen.findByRole('dialog', { name: 'Add a range' });
    act(() => double.emit('app', 'navigate', { place: 'search' }));
    await user.keyboard('{Control>}k{/Control}');
    expect(useUi.getState().isPaletteOpen).toBe(false);
  });

  it('puts the best match first, and says when nothing matches', async () => {
    const { user } = await opened({ mirror: { keys: [key({ name: 'Log shipper' })] } });
    await user.keyboard('log');
    expect(groups().slice(0, 2)).toEqual(['Screens', 'API keys']);
    expect(texts()[0]).toBe('Log');
    await user.keyboard('zzz');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(screen.getByText('Nothing is called “logzzz”.')).toBeTruthy();
    expect(await axeFindings()).toEqual([]);
    await user.clear(field());
    await user.keyboard('203.0.113.900');
    expect(screen.getByText(/255/)).toBeTruthy();
    await user.keyboard('{Enter}');
    expect(screen.getByRole('dialog', { name: 'Search' })).toBeTruthy();
  });

  it('does not change under the hand when the account does', async () => {
    const { double, user } = await opened();
    await user.keyboard('office');
    const before = texts();
    patchMirror(double, { ranges: { upserted: [range({ id: ulid(101), label: 'Office 2' })], removed: [] } });
    expect(useMirror.getState().ranges.size).toBe(2);
    expect(texts()).toEqual(before);
  });
});

describe('an address in the search', () => {
  const scene: Scene = {
    mirror: {
      reviews: [review({ ip: '203.0.113.9' }), review({ id: ulid(201), ip: '192.0.2.1' })],
      ranges: [
        range(),
        range({ id: ulid(101), cidr: '203.0.113.0/24', label: 'Partner' }),
        range({ id: ulid(102), cidr: '203.0.0.0/16', label: '', effect: 'deny' }),
      ],
    },
  };

  it('leads to its calls, its review, and what it belongs to', async () => {
    const { user } = await opened(scene);
    await user.keyboard('203.0.113.9');
    expect(texts()).toEqual([
      'Show the calls from 203.0.113.9',
      'Open the review of 203.0.113.9 Billing worker',
      'Authorize 203.0.113.9…',
      'Deny 203.0.113.9…',
      '203.0.113.0/24 (Partner) Authorized',
      '203.0.0.0/16 Denied',
    ]);
    expect(await axeFindings()).toEqual([]);
    await user.keyboard('{Enter}');
    expect(useUi.getState()).toMatchObject({ screen: 'log', logDraft: { ipText: '203.0.113.9' } });
  });

  it('shows its review in Pending', async () => {
    const { user } = await opened(scene);
    act(() => usePendingList.setState({ groupBy: 'key', folded: new Set(['x']) }));
    await choose(user, '192.0.2.1{ArrowDown}');
    expect(useUi.getState().screen).toBe('pending');
    expect(usePendingList.getState()).toMatchObject({ cursor: { id: ulid(201) }, isPanelOpen: true });
  });

  it('shows a new review that the list holds back', async () => {
    const { user, double } = await opened(scene);
    await user.keyboard('{Escape}');
    const list = screen.getByRole('grid', { name: 'Open reviews' });
    list.scrollTop = 40;
    fireEvent.scroll(list);
    const late = review({ id: ulid(300), ip: '198.18.0.1', firstAt: minutesAgo(0) });
    patchMirror(double, { reviews: { upserted: [late], removed: [] } });
    expect(screen.getByRole('button', { name: '1 new review' })).toBeTruthy();
    await user.keyboard('{Control>}k{/Control}');
    await waitFor(() => expect(document.activeElement).toBe(field()));
    await choose(user, '198.18.0.1{ArrowDown}');
    expect(await screen.findByRole('heading', { level: 2, name: '198.18.0.1' })).toBeTruthy();
  });

  it.each([
    ['Authorize 10.0.0.0/8…', 'authorize', 'Authorize range'],
    ['Deny 10.0.0.0/8…', 'deny', 'Deny range'],
  ])('opens a form with “%s”, and nothing more', async (label, effect, submit) => {
    const { user, double } = await opened(scene);
    await user.keyboard('10/8');
    await user.click(screen.getByRole('option', { name: label }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Add a range' }));
    expect(dialog.getByRole('button', { name: submit })).toBeTruthy();
    expect(useUi.getState().rangeDraft).toMatchObject({ text: '10/8', effect });
    expect(double.requests('ranges.add')).toEqual([]);
  });
});

describe('what the search finds by name', () => {
  it('is a key: its calls, and its place', async () => {
    const { user } = await opened();
    await user.keyboard('billing');
    expect(inGroup('API keys')).toEqual([
      'Show the calls with Billing worker gh_live_4f2a…',
      'Show Billing worker among the API keys gh_live_4f2a…',
    ]);
    await user.clear(field());
    await choose(user, 'gh_live');
    expect(useUi.getState()).toMatchObject({ screen: 'log', logDraft: { keyId: ulid(1) } });
  });

  it('is a range, of which there may be many', async () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      range({ id: ulid(1_000 + index), cidr: `10.0.${index % 256}.${index}/32`, label: `Branch ${index}` }),
    );
    const { user } = await opened({
      mirror: { ranges: [...many, range({ effect: 'deny', expiresAt: minutesAgo(1) })] },
    });
    await user.keyboard('branch');
    expect(groups()).toEqual(['Ranges: 6 of 300']);
    await user.clear(field());
    await user.keyboard('office');
    expect(texts()).toEqual(['198.51.100.0/24 (Office) Expired']);
    await user.keyboard('{Enter}');
    expect(useUi.getState()).toMatchObject({
      screen: 'ranges',
      rangesTab: 'deny',
      rangesSearch: '198.51.100.0/24',
    });
  });

  it('is a section of Settings, also by what it is about', async () => {
    const { user } = await opened();
    await choose(user, 'proxy');
    const title = await screen.findByRole('heading', { name: 'Network' });
    await waitFor(() => expect(document.activeElement).toBe(title));
    expect(useUi.getState().settingsSection).toBeNull();
  });
});

describe('an action of the search', () => {
  it('says why it is not permitted, and is not done', async () => {
    const { user, double } = await opened({ mirror: { account: reader } });
    await user.keyboard('create');
    const option = screen.getByRole('option', {
      name: 'Create an API key… Your access token lacks the permission “API keys”.',
    });
    expect(option.getAttribute('aria-disabled')).toBe('true');
    await user.keyboard('{Enter}');
    await user.click(option);
    expect(screen.getByRole('dialog', { name: 'Search' })).toBeTruthy();
    expect(useUi.getState().isCreatingKey).toBe(false);
    await user.clear(field());
    await user.keyboard('203.0.113.9');
    expect(options().map((each) => each.getAttribute('aria-disabled'))).toEqual(['false', 'true', 'true']);
    expect(double.requests('ranges.add')).toEqual([]);
  });

  it.each([
    ['import', 'Import ranges'],
    ['create', 'Create an API key'],
  ])('opens the form of “%s”', async (text, title) => {
    const { user } = await opened();
    await choose(user, text);
    expect(await screen.findByRole('dialog', { name: title })).toBeTruthy();
  });

  it('pauses notifications, and resumes them', async () => {
    const done = () => succeeded(undefined);
    const { user, double } = await opened({ answers: { notifications: { snooze: done, wake: done } } });
    await choose(user, 'pause');
    expect(double.requests('notifications.snooze')).toEqual([{ for: 'hour' }]);
    expect(await screen.findByText('Notifications are paused.')).toBeTruthy();
    act(() => double.emit('notifications', 'changed', notifications({ snoozedUntil: minutesAgo(-60) })));
    await user.keyboard('{Control>}k{/Control}');
    await waitFor(() => expect(document.activeElement).toBe(field()));
    await choose(user, 'resume');
    expect(double.requests('notifications.wake')).toHaveLength(1);
  });

  it('tries a service that does not answer, and tells why it fails', async () => {
    const retry = () => failed({ kind: 'internal', message: 'Out of luck.' });
    const { user } = await opened({
      mirror: { connection: unreachable },
      answers: { connection: { retry } },
    });
    await choose(user, 'connect again');
    expect(await screen.findByText(/Out of luck/)).toBeTruthy();
  });

  it('switches the account', async () => {
    const bolt = summary({ id: 'b', name: 'Bolt', service: remote, openReviews: 3 });
    const { user, double } = await opened({
      answers: { accounts: { list: () => succeeded(accountList(summary(), bolt)) } },
    });
    await user.keyboard('bolt');
    expect(texts()).toEqual(['Switch to Bolt gatehouse.example.com · 3 open reviews']);
    await user.keyboard('{Enter}');
    expect(double.requests('accounts.show')).toEqual([{ id: 'b' }]);
  });

  it('takes the last answer back, as long as that is possible', async () => {
    const pending = review();
    const answered = {
      ...pending,
      status: 'denied',
      version: 2,
      decidedBy: 'me',
      decidedAt: minutesAgo(0),
    } as const;
    const { user, double } = renderApp({
      mirror: { reviews: [pending] },
      answers: {
        reviews: {
          deny: () => succeeded({ kind: 'queued', operationId: OPERATION_ID, review: answered }),
          undo: () => succeeded({ operationId: null }),
        },
      },
    });
    const deny = await screen.findByRole('button', { name: 'Deny' });
    await waitFor(() => expect(deny.getAttribute('aria-disabled')).not.toBe('true'));
    await user.click(deny);
    await waitFor(() => expect(double.requests('reviews.deny')).toHaveLength(1));
    patchMirror(double, { reviews: { upserted: [answered], removed: [] } });
    await user.keyboard('{Control>}k{/Control}');
    await waitFor(() => expect(document.activeElement).toBe(field()));
    await choose(user, 'undo');
    expect(double.requests('reviews.undo')).toEqual([{ reviewId: pending.id, operationId: OPERATION_ID }]);
  });
});

describe('the search in French', () => {
  it('finds without accents', async () => {
    const { user } = renderApp({
      answers: { desktop: { state: () => succeeded(desktop({ language: 'fr' })) } },
    });
    await user.click(await screen.findByRole('button', { name: 'Rechercher…' }));
    await screen.findByRole('dialog', { name: 'Recherche' });
    expect(groups()).toEqual(['Écrans', 'Actions']);
    await user.type(field(), 'cles');
    expect(inGroup('Écrans')).toEqual(['Clés API']);
    await user.clear(field());
    await user.type(field(), '203.0.113.9');
    expect(texts().slice(0, 3)).toEqual([
      'Afficher les appels depuis 203.0.113.9',
      'Autoriser 203.0.113.9…',
      'Refuser 203.0.113.9…',
    ]);
    expect(await axeFindings()).toEqual([]);
  });
});
