import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Token, User } from '#shared/domain/entities';
import { failed, succeeded } from '#shared/ipc/failure';
import { axeFindings } from '#test/support/axe';
import { makeAuditEvent } from '#test/support/console/builders';
import { showScreen } from '../../renderer/src/stores/ui';
import { account, desktop, minutesAgo, NOW, ulid, unreachable } from './builders';
import { deferred, renderApp, type Scene } from './render-app';

const DAY_MINUTES = 24 * 60;

const owner: User = {
  id: ulid(3),
  email: 'owner@example.com',
  role: 'owner',
  permissions: ['authorized_ips', 'api_keys'],
  createdAt: minutesAgo(DAY_MINUTES * 40),
};
const ana: User = {
  id: ulid(4),
  email: 'ana@example.com',
  role: 'user',
  permissions: ['authorized_ips'],
  createdAt: minutesAgo(DAY_MINUTES * 2),
};
const laptop: Token = {
  id: ulid(50),
  name: 'Laptop',
  createdAt: minutesAgo(DAY_MINUTES * 5),
  expiresAt: minutesAgo(-DAY_MINUTES * 20),
  lastUsedAt: minutesAgo(12),
};
const old: Token = {
  id: ulid(51),
  name: 'Old script',
  createdAt: minutesAgo(DAY_MINUTES * 9),
  expiresAt: minutesAgo(DAY_MINUTES * 3),
  lastUsedAt: null,
};

function renderUsers({ answers, ...scene }: Scene = {}) {
  showScreen('users');
  return renderApp({
    ...scene,
    answers: {
      ...answers,
      users: {
        list: () => succeeded([ana, owner]),
        tokens: ({ userId }) => succeeded(userId === owner.id ? [laptop, old] : []),
        ...answers?.users,
      },
    },
  });
}

const asAna: Scene = {
  mirror: {
    account: account({
      me: { userId: ana.id, email: ana.email, role: 'user', permissions: ['authorized_ips'] },
    }),
  },
};

const rows = async () =>
  within(await screen.findByRole('grid', { name: 'Users of the account' }))
    .getAllByRole('row')
    .slice(1);
const detail = (email: string) =>
  within(screen.getByRole('complementary', { name: new RegExp(`^${email}`) }));

describe('Users', () => {
  it('lists them, oneself first, with rights and access tokens beside the list', async () => {
    renderUsers();
    expect((await rows()).map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining('owner@example.com YouOwnerEverything'),
      expect.stringContaining('ana@example.com UserAuthorized IPs'),
    ]);
    const self = detail('owner@example.com');
    expect(self.getByRole('radio', { name: 'Owner' })).toHaveProperty('checked', true);
    expect(self.getByRole('checkbox', { name: 'API keys' })).toHaveProperty('checked', true);
    const tokens = within(await self.findByRole('list', { name: 'Access tokens of owner@example.com' }));
    expect(tokens.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'Laptoplast used 12 min ago expires in 20 days created 5 days agoEnd…',
      'Old scriptnever used expired 3 days ago created 9 days agoEnd…',
    ]);
    expect(await axeFindings()).toEqual([]);
  });

  it('adds a user, shows them, and says that they need an access token', async () => {
    const people = [owner];
    const { user, double } = renderUsers({
      answers: {
        users: {
          list: () => succeeded([...people]),
          create: (fields) => {
            people.push({ ...ana, ...fields });
            return succeeded({ ...ana, ...fields });
          },
        },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Add user' }));
    const form = within(await screen.findByRole('dialog', { name: 'Add a user' }));
    await user.type(form.getByRole('textbox', { name: 'E-mail address' }), 'ana');
    await user.click(form.getByRole('button', { name: 'Add this user' }));
    expect(form.getByText(/^Enter an e-mail address/)).toBeTruthy();
    expect(double.requests('users.create')).toEqual([]);
    await user.type(form.getByRole('textbox', { name: 'E-mail address' }), '@example.com');
    await user.click(form.getByRole('checkbox', { name: 'API keys' }));
    await user.click(form.getByRole('button', { name: 'Add this user' }));
    expect(double.requests('users.create')).toEqual([
      { email: 'ana@example.com', role: 'user', permissions: ['authorized_ips', 'api_keys'] },
    ]);
    // The audit trail brings the news of it, as it does for what somebody else changes.
    act(() => double.emit('audit', 'added', { items: [makeAuditEvent({ action: 'user.create' })] }));
    await screen.findByRole('complementary', { name: 'ana@example.com' });
    expect(await screen.findByText(/^No access token yet/)).toBeTruthy();
  });

  it('names the e-mail address that somebody has already', async () => {
    const taken = {
      kind: 'conflict',
      code: 'email_taken',
      message: 'ana@example.com is a user already.',
      current: null,
    };
    const { user } = renderUsers({ answers: { users: { create: () => failed(taken as never) } } });
    await user.click(await screen.findByRole('button', { name: 'Add user' }));
    const form = within(await screen.findByRole('dialog', { name: 'Add a user' }));
    await user.type(form.getByRole('textbox', { name: 'E-mail address' }), 'ana@example.com{Enter}');
    expect(await form.findByText('ana@example.com is a user already.')).toBeTruthy();
    expect(form.getByRole('textbox', { name: 'E-mail address' }).getAttribute('aria-invalid')).toBe('true');
  });

  it('changes a role only with its button', async () => {
    const { user, double } = renderUsers({
      answers: { users: { update: () => succeeded({ ...ana, role: 'owner' }) } },
    });
    await user.click((await rows())[1] as HTMLElement);
    const about = detail('ana@example.com');
    expect(about.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true);
    await user.click(about.getByRole('radio', { name: 'Owner' }));
    expect(double.requests('users.update')).toEqual([]);
    await user.click(about.getByRole('button', { name: 'Save' }));
    expect(double.requests('users.update')).toEqual([
      { userId: ana.id, changes: { role: 'owner', permissions: ['authorized_ips'] } },
    ]);
  });

  it('says in the words of the service why the last owner stays', async () => {
    const refusal = 'owner@example.com is the only owner; make somebody else an owner first.';
    const { user } = renderUsers({
      answers: {
        users: {
          remove: () => failed({ kind: 'conflict', code: 'last_owner', message: refusal, current: null }),
        },
      },
    });
    await rows();
    await user.click(screen.getByRole('button', { name: 'Remove user…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Remove owner@example.com?' }));
    expect(dialog.getByText(/^This is you/)).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Remove this user' }));
    expect((await dialog.findByRole('alert')).textContent).toBe(
      'owner@example.com is the only owner; make somebody else an owner first.',
    );
  });

  it('creates an access token, and shows its secret once with the address of the service', async () => {
    const { user, double } = renderUsers({
      answers: {
        users: {
          createToken: ({ name, expiresAt }) =>
            succeeded({ token: { ...laptop, name, expiresAt }, secret: 'gt_SECRET' }),
        },
      },
    });
    await rows();
    await user.click(screen.getByRole('button', { name: 'Create token…' }));
    const form = within(await screen.findByRole('dialog', { name: /^Create an access token/ }));
    await user.click(form.getByRole('button', { name: 'Create this token' }));
    expect(form.getByText(/^Give the token a name/)).toBeTruthy();
    await user.type(form.getByRole('textbox', { name: 'Name' }), 'Phone');
    await user.selectOptions(form.getByRole('combobox', { name: 'Expires' }), 'In 30 days');
    await user.click(form.getByRole('button', { name: 'Create this token' }));
    expect(double.requests('users.createToken')).toEqual([
      { userId: owner.id, name: 'Phone', expiresAt: new Date(NOW.getTime() + 30 * 86_400_000).toISOString() },
    ]);
    const secret = within(await screen.findByRole('dialog', { name: 'Access token “Phone”' }));
    expect(secret.getByLabelText('Secret').textContent).toBe('gt_SECRET');
    expect(secret.getByLabelText('Address of the service').textContent).toBe('http://127.0.0.1:8787');
    await user.click(secret.getByRole('button', { name: 'I have stored it' }));
    await waitFor(() => expect(screen.queryByText('gt_SECRET')).toBeNull());
  });

  it('ends a token after a question', async () => {
    const { user, double } = renderUsers({ answers: { users: { removeToken: () => succeeded(undefined) } } });
    await user.click(await screen.findByRole('button', { name: 'End the token Laptop' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'End the access token “Laptop”?' }));
    expect(dialog.getByText(/^If this console uses it/)).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'End this token' }));
    await waitFor(() => expect(double.requests('users.removeToken')).toEqual([{ tokenId: laptop.id }]));
  });

  it('lets somebody who is no owner look, and manage their own tokens alone', async () => {
    const { user, double } = renderUsers(asAna);
    expect(
      await screen.findByText(/^Only an owner of the account may add, change or remove users/),
    ).toBeTruthy();
    const add = screen.getByRole('button', { name: 'Add user' });
    expect(add.getAttribute('aria-disabled')).toBe('true');
    await user.click(add);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect((await rows())[0]?.textContent).toContain('ana@example.com You');
    expect(detail('ana@example.com').getByRole('radio', { name: 'Owner' })).toHaveProperty('disabled', true);
    expect(detail('ana@example.com').getByRole('button', { name: 'Create token…' })).toBeTruthy();
    await user.click((await rows())[1] as HTMLElement);
    const other = detail('owner@example.com');
    expect(other.getByText('Only owners see the access tokens of others.')).toBeTruthy();
    expect(other.queryByRole('button', { name: 'Remove user…' })).toBeNull();
    expect(double.requests('users.tokens')).toEqual([{ userId: ana.id }]);
    expect(await axeFindings()).toEqual([]);
  });

  it('says offline that it needs the service', async () => {
    const { double } = renderUsers({ mirror: { connection: unreachable } });
    expect(await screen.findByRole('heading', { name: 'This needs the service' })).toBeTruthy();
    expect(double.requests('users.list')).toEqual([]);
  });

  it('says that it is loading, then what went wrong, and tries again', async () => {
    const first = deferred<ReturnType<typeof failed>>();
    let isDown = true;
    const { user } = renderUsers({
      answers: { users: { list: () => (isDown ? first.promise : succeeded([owner])) } },
    });
    expect(await screen.findByRole('status', { name: 'Loading the users' })).toBeTruthy();
    first.resolve(failed({ kind: 'service', code: 'internal', message: 'request 7 failed' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Request 7 failed.');
    isDown = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await rows()).toHaveLength(1);
  });

  it('are in French, too', async () => {
    renderUsers({ answers: { desktop: { state: () => succeeded(desktop({ language: 'fr' })) } } });
    const list = within(await screen.findByRole('grid', { name: 'Utilisateurs du compte' }));
    expect(list.getByText('Propriétaire')).toBeTruthy();
    expect(
      await screen.findByText(/dernier usage : il y a 12 min|dernier usage.: il y a 12 min/),
    ).toBeTruthy();
  });
});
