import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { showScreen, useUi } from '../../renderer/src/stores/ui';
import { account, range, ulid } from './builders';
import { renderApp, type Scene } from './render-app';

const office = range();

function renderRanges(scene: Scene = {}) {
  showScreen('ranges');
  return renderApp(scene);
}

const findLabel = async () =>
  within(await screen.findByRole('dialog', { name: 'Edit range' })).getByLabelText<HTMLInputElement>('Label');

// A dialog that opens is not on the page at once.
const expectNoForm = () => expect(useUi.getState().editedRange).toBeNull();

const isClosed = () => waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());

describe('a row of the ranges', () => {
  it('opens the form by its button, and Escape gives the focus back to that', async () => {
    const { user } = renderRanges();
    const button = await screen.findByRole('button', { name: 'Edit 198.51.100.0/24' });
    await user.click(button);
    await findLabel();
    await user.keyboard('{Escape}');
    await isClosed();
    await waitFor(() => expect(document.activeElement).toBe(button));
  });

  it('opens it by keyboard: arrows choose a row, Enter opens, Escape gives the focus back to the list', async () => {
    const { user } = renderRanges({
      mirror: { ranges: [office, range({ id: ulid(112), cidr: '203.0.113.0/24', label: 'Partner' })] },
    });
    const grid = await screen.findByRole('grid', { name: 'Authorized ranges' });
    grid.focus();
    await user.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    expect((await findLabel()).value).toBe('Partner');
    await user.keyboard('{Escape}');
    await isClosed();
    await waitFor(() => expect(document.activeElement).toBe(grid));
  });

  it('opens it by a double click on a row, while a click only chooses it', async () => {
    const { user } = renderRanges();
    const row = (await screen.findByText('Office')).closest('[role=row]');
    if (row === null) throw new Error('no row');
    await user.click(row);
    expect(screen.getByRole('grid').getAttribute('aria-activedescendant')).toBe(row.id);
    expect(row.getAttribute('aria-selected')).toBe('false');
    expectNoForm();
    await user.dblClick(row);
    expect((await findLabel()).value).toBe('Office');
  });

  it('leaves two clicks on a button to the button', async () => {
    const { user } = renderRanges();
    await user.dblClick(await screen.findByRole('button', { name: 'Remove 198.51.100.0/24' }));
    await screen.findByRole('dialog', { name: /^Remove/ });
    expectNoForm();
  });

  it('opens no row that a search has hidden', async () => {
    const partner = range({ id: ulid(112), cidr: '203.0.113.0/24', label: 'Partner' });
    const { user } = renderRanges({ mirror: { ranges: [office, partner] } });
    await user.click(await screen.findByText('Office'));
    await user.type(screen.getByLabelText('Search ranges'), 'Partner');
    await waitFor(() => expect(screen.queryByText('Office')).toBeNull());
    const grid = screen.getByRole('grid');
    grid.focus();
    await user.keyboard('{Enter}');
    expectNoForm();
    await user.keyboard('{ArrowDown}{Enter}');
    expect((await findLabel()).value).toBe('Partner');
  });

  it('keeps what was typed when another screen is shown', async () => {
    const { user } = renderRanges();
    await user.click(await screen.findByRole('button', { name: 'Edit 198.51.100.0/24' }));
    const label = await findLabel();
    await user.type(label, ' 2');
    act(() => showScreen('log'));
    expect(label.value).toBe('Office 2');
    expect(label.isConnected).toBe(true);
  });

  it('has no way to change a range for those who may only look', async () => {
    const me = { ...account().me, role: 'user' as const };
    const { user } = renderRanges({ mirror: { account: account({ me }) } });
    const table = await screen.findByRole('table', { name: 'Authorized ranges' });
    expect(within(table).queryByRole('button', { name: /^(Edit|Remove)/ })).toBeNull();
    await user.dblClick(within(table).getByText('Office'));
    expectNoForm();
  });
});
