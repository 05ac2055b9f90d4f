import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { CallResponse } from '#shared/ipc/derive';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import type { MirrorSnapshot } from '#shared/ipc/mirror';
import { axeFindings } from '#test/support/axe';
import { useBatch } from '../../renderer/src/stores/batch';
import { useMirror } from '../../renderer/src/stores/mirror';
import { usePendingList } from '../../renderer/src/stores/pending-list';
import { useUi } from '../../renderer/src/stores/ui';
import {
  account,
  accountList,
  embedded,
  minutesAgo,
  remote,
  review,
  snapshot,
  summary,
  ulid,
} from './builders';
import { deferred, renderApp, type Scene } from './render-app';

const ACME = summary({ id: 'a', name: 'Acme', openReviews: 1 });
const BOLT = summary({
  id: 'b',
  name: 'Bolt',
  service: remote,
  connection: { kind: 'unreachable', service: remote, since: minutesAgo(7), message: 'Nothing answers.' },
  openReviews: 3,
  unsent: 2,
});
const BOTH = accountList(ACME, BOLT);

// The library positions a menu after it has shown it, which needs a layout.
const addItem = () => screen.findByRole('menuitem', { name: 'Add an account…', hidden: true });
const accountItems = () => screen.findAllByRole('menuitemradio', { hidden: true });

const renderBoth = (answers: Scene['answers'] = {}) =>
  renderApp({ answers: { ...answers, accounts: { list: () => succeeded(BOTH), ...answers.accounts } } });
const BOTH_BUTTON = 'Account: Acme, This computer, 3 open reviews in other accounts';

/** What main answers once it shows the other account. */
const BOLTS: Partial<MirrorSnapshot> = {
  shownId: 'b',
  version: 50,
  connection: BOLT.connection,
  account: account({ id: ulid(77), name: 'Bolt' }),
  reviews: [review({ ip: '192.0.2.77' })],
};

document.documentElement.lang = 'en';

describe('the accounts', () => {
  it('are a quiet menu while there is one', async () => {
    const { user } = renderApp();
    await user.click(await screen.findByRole('button', { name: 'Accounts' }));
    const items = (await accountItems()).map((item) => item.getAttribute('aria-label'));
    expect(items).toEqual(['Acme, Online · This computer']);
    expect(await addItem()).toBeTruthy();
  });

  it('are each listed with service, state and open reviews, and are switched by a click', async () => {
    const { user, double } = renderBoth({ accounts: { show: () => succeeded(undefined) } });
    await user.click(await screen.findByRole('button', { name: BOTH_BUTTON }));
    const items = await accountItems();
    expect(items.map((item) => item.getAttribute('aria-label'))).toEqual([
      'Acme, Online · This computer, 1 open review',
      'Bolt, Offline since 13:55 · gatehouse.example.com, 2 changes not sent yet, 3 open reviews',
    ]);
    expect(items.map((item) => item.getAttribute('aria-checked'))).toEqual(['true', 'false']);
    expect(within(items[1] as HTMLElement).getByText('3')).toBeTruthy();
    expect(await axeFindings()).toEqual([]);
    await user.click(items[1] as HTMLElement);
    expect(double.requests('accounts.show')).toEqual([{ id: 'b' }]);
  });

  it('are switched by the keyboard alone', async () => {
    const { user, double } = renderBoth({ accounts: { show: () => succeeded(undefined) } });
    await screen.findByRole('button', { name: BOTH_BUTTON });
    await user.keyboard('{Control>}{Alt>}2{/Alt}{/Control}');
    expect(double.requests('accounts.show')).toEqual([{ id: 'b' }]);
    // There is no third one, and a screen needs no Alt.
    await user.keyboard('{Control>}{Alt>}3{/Alt}{/Control}');
    expect(double.requests('accounts.show')).toHaveLength(1);
    expect(useUi.getState().screen).toBe('pending');
  });

  it('are shown as main tells', async () => {
    const { double } = renderBoth();
    await screen.findByRole('button', { name: BOTH_BUTTON });
    act(() => double.emit('accounts', 'changed', { ...BOTH, shownId: 'b' }));
    expect(
      screen.getByRole('button', {
        name: 'Account: Bolt, gatehouse.example.com, 1 open review in other accounts',
      }),
    ).toBeTruthy();
  });
});

describe('the approval window', () => {
  it('names the account of its review where there are several', async () => {
    renderApp({
      approval: review().id,
      mirror: { reviews: [review()] },
      answers: { accounts: { list: () => succeeded(BOTH) } },
    });
    expect((await screen.findByRole('banner')).textContent).toBe('Account: Acme · This computer');
    expect(await axeFindings()).toEqual([]);
  });

  it('names none while there is one', async () => {
    renderApp({ approval: review().id, mirror: { reviews: [review()] } });
    await screen.findByRole('heading', { name: review().ip });
    expect(screen.queryByRole('banner')).toBeNull();
  });
});

describe('a review that the approval window does not find', () => {
  /** The paragraphs under the heading. */
  const textOf = async (heading: string) => {
    const title = await screen.findByRole('heading', { name: heading });
    expect(await axeFindings()).toEqual([]);
    return [...(title.parentElement?.querySelectorAll('p') ?? [])]
      .map(({ textContent }) => textContent)
      .join(' ');
  };
  const online = { ...BOLT, connection: { kind: 'online', service: remote, since: minutesAgo(9) } } as const;

  it('was one of the account that it is asked for', async () => {
    renderApp({
      approval: ulid(999),
      answers: { accounts: { list: () => succeeded(BOTH) } },
      mirror: { shownId: 'a' },
    });
    expect(await textOf('This review is not here any more')).toBe(
      'It was one of “Acme”, and was answered or expired.',
    );
  });

  it('is in no account, if it comes from a link that no account knows', async () => {
    const list = accountList(ACME, online);
    renderApp({ link: ulid(999), answers: { accounts: { list: () => succeeded(list) } } });
    expect(await textOf('No account has this review')).toBe(
      'It is not in “Acme” or “Bolt”. ' +
        'It was answered long ago, or the link is of an account that is not connected here.',
    );
  });

  it('is told with the service of accounts that have the same name', async () => {
    const list = accountList(ACME, { ...online, name: 'Acme' });
    renderApp({ link: ulid(999), answers: { accounts: { list: () => succeeded(list) } } });
    expect(await textOf('No account has this review')).toContain(
      'It is not in “Acme” (This computer) or “Acme” (gatehouse.example.com).',
    );
  });

  it('may be a new one of an account that is not online', async () => {
    renderApp({ link: ulid(999), answers: { accounts: { list: () => succeeded(BOTH) } } });
    expect(await textOf('No account has this review')).toContain(
      '“Bolt” is not online, so a new review may be missing here.',
    );
  });

  it('needs an account first while none is connected', async () => {
    const none = { accounts: [], shownId: 'first' };
    renderApp({
      link: ulid(999),
      mirror: { connection: { kind: 'none' }, account: null },
      answers: { accounts: { list: () => succeeded(none) } },
    });
    expect(await textOf('No account has this review')).toContain('Connect to the one that the link is of');
  });

  it('is waited for while the window still has the account that was shown before', async () => {
    let shown: Partial<MirrorSnapshot> = { shownId: 'a' };
    const { double } = renderApp({
      approval: ulid(999),
      answers: {
        accounts: { list: () => succeeded(BOTH) },
        mirror: { snapshot: () => succeeded(snapshot(shown)) },
      },
      mirror: shown,
    });
    await screen.findByRole('heading');
    const wanted = review({ ip: '192.0.2.77' });
    act(() => double.emit('app', 'showReview', { reviewId: wanted.id, accountId: 'b' }));
    expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy();
    shown = BOLTS;
    const version = useMirror.getState().version + 2;
    act(() => double.emit('mirror', 'patch', { version, connection: BOLT.connection }));
    expect(await screen.findByRole('heading', { name: wanted.ip })).toBeTruthy();
  });
});

describe('another shown account', () => {
  it('replaces everything of the one before, and no form is left open', async () => {
    let shown: Partial<MirrorSnapshot> = {};
    const { double, user } = renderBoth({ mirror: { snapshot: () => succeeded(snapshot(shown)) } });
    await screen.findByRole('button', { name: BOTH_BUTTON });
    await user.click(screen.getByRole('button', { name: 'Authorized IPs' }));
    await user.click(screen.getByRole('button', { name: 'Add range' }));
    await screen.findByRole('dialog');
    shown = BOLTS;
    // A gap in the versions, as main leaves it.
    const version = useMirror.getState().version + 2;
    act(() => double.emit('mirror', 'patch', { version, connection: BOLT.connection }));
    await waitFor(() => expect(useMirror.getState().account?.name).toBe('Bolt'));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.click(screen.getByRole('button', { name: /^Pending/ }));
    expect((await screen.findAllByText('192.0.2.77')).length).toBeGreaterThan(0);
    // What this window does from now on is meant for that account.
    await user.click(screen.getByRole('button', { name: 'Log' }));
    await waitFor(() =>
      expect(double.made.findLast(({ name }) => name === 'log.page')).toMatchObject({
        name: 'log.page',
        shownId: 'b',
      }),
    );
  });
});

describe('many reviews that are being answered when another account is shown', () => {
  it('leave no selection, no answer and no undo to it', async () => {
    let shown: Partial<MirrorSnapshot> = { reviews: [review({ id: ulid(1) }), review({ id: ulid(2) })] };
    const sent = deferred<Outcome<CallResponse<'reviews', 'answerMany'>>>();
    const { double, user } = renderBoth({
      mirror: { snapshot: () => succeeded(snapshot(shown)) },
      reviews: { answerMany: () => sent.promise },
    });
    await user.click(await screen.findByRole('checkbox', { name: 'Select all 2' }));
    const deny = await screen.findByRole('button', { name: 'Deny 2 addresses' });
    await waitFor(() => expect(deny.getAttribute('aria-disabled')).toBe('false'));
    await user.click(deny);
    expect(useBatch.getState().step).toBe('deny');
    shown = BOLTS;
    const version = useMirror.getState().version + 2;
    act(() => double.emit('mirror', 'patch', { version, connection: BOLT.connection }));
    await waitFor(() => expect(useMirror.getState().account?.name).toBe('Bolt'));
    expect(usePendingList.getState().selected.size).toBe(0);
    await act(async () => {
      sent.resolve(succeeded({ refused: [], operationIds: [] }));
      await sent.promise;
    });
    expect(useBatch.getState()).toEqual(useBatch.getInitialState());
    expect(screen.queryByRole('button', { name: 'Undo all' })).toBeNull();
  });
});

describe('the menu of the app', () => {
  it('leads to where an account is added, and from there to another account', async () => {
    let shown: Partial<MirrorSnapshot> = {};
    const { double } = renderBoth({ mirror: { snapshot: () => succeeded(snapshot(shown)) } });
    await screen.findByRole('button', { name: BOTH_BUTTON });
    act(() => double.emit('app', 'navigate', { place: 'add-account' }));
    expect(screen.getByRole('heading', { name: 'Add an account' })).toBeTruthy();
    shown = BOLTS;
    const version = useMirror.getState().version + 2;
    act(() => double.emit('mirror', 'patch', { version, connection: BOLT.connection }));
    expect((await screen.findAllByText('192.0.2.77')).length).toBeGreaterThan(0);
  });
});

describe('adding an account', () => {
  const openScreen = async (answers: Scene['answers'] = {}) => {
    const rendered = renderApp({ answers });
    await rendered.user.click(await screen.findByRole('button', { name: 'Accounts' }));
    await rendered.user.click(await addItem());
    expect(screen.getByRole('heading', { name: 'Add an account' })).toBeTruthy();
    expect(await axeFindings()).toEqual([]);
    return rendered;
  };

  it('leads back, and offers no second service on this computer', async () => {
    const { user } = await openScreen();
    expect(screen.queryByRole('button', { name: 'Run Gatehouse on this computer' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Back' }));
    expect(await screen.findByRole('heading', { name: 'Pending' })).toBeTruthy();
  });

  it('starts a service on this computer, and says why it did not start', async () => {
    const others = accountList(summary({ service: remote }));
    const starting = deferred<Outcome<undefined>>();
    const { user, double } = renderApp({
      answers: {
        accounts: { list: () => succeeded(others) },
        connection: { useEmbedded: () => starting.promise },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Accounts' }));
    await user.click(await addItem());
    await user.click(screen.getByRole('button', { name: 'Run Gatehouse on this computer' }));
    const started = summary({ id: 'new', connection: { kind: 'connecting', service: embedded } });
    act(() => double.emit('accounts', 'changed', { ...others, accounts: [...others.accounts, started] }));
    expect(screen.getByRole('heading', { name: 'On this computer' })).toBeTruthy();
    act(() => double.emit('accounts', 'changed', others));
    act(() => starting.resolve(failed({ kind: 'service', code: 'x', message: 'The address is taken.' })));
    expect(await screen.findByText(/The address is taken/)).toBeTruthy();
  });

  it('ends with the console once it is connected, and stays while it is refused', async () => {
    const { user, double } = await openScreen({
      connection: { connect: () => failed({ kind: 'unauthorized', code: 'unauthorized', message: 'x' }) },
    });
    await user.type(screen.getByRole('textbox', { name: 'Service address' }), 'https://gatehouse.test');
    await user.type(screen.getByLabelText('Access token'), 'secret');
    await user.click(screen.getByRole('button', { name: 'Connect' }));
    expect(await screen.findByText('The service does not accept this token.')).toBeTruthy();
    double.answer('connection', 'connect', () => succeeded(undefined));
    await user.click(screen.getByRole('button', { name: 'Connect' }));
    expect(await screen.findByRole('heading', { name: 'Pending' })).toBeTruthy();
  });
});
