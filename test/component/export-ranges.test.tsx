import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import { showScreen } from '../../renderer/src/stores/ui';
import { renderApp, type Scene } from './render-app';

type Answer = NonNullable<NonNullable<NonNullable<Scene['answers']>['ranges']>['export']>;

async function openExport(answer: Answer) {
  showScreen('ranges');
  const rendered = renderApp({ answers: { ranges: { export: answer } } });
  await rendered.user.click(await screen.findByRole('button', { name: 'Export…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Export ranges' }));
  return { ...rendered, dialog };
}

describe('an export of ranges', () => {
  it('is saved in the format and the file that a person chooses', async () => {
    const { user, double, dialog } = await openExport(() => succeeded({ path: '/home/a/list.conf' }));
    expect(dialog.getByText(/Has every field/)).toBeTruthy();
    await user.selectOptions(dialog.getByLabelText('Format'), 'nginx, allow and deny');
    expect(dialog.getByText(/Ranges for one key are left out/)).toBeTruthy();
    await user.click(dialog.getByRole('radio', { name: 'Denied' }));
    await user.click(dialog.getByRole('button', { name: 'Save as…' }));
    expect((await dialog.findByRole('status')).textContent).toBe('The list is saved in /home/a/list.conf.');
    expect(double.requests('ranges.export')).toEqual([{ format: 'nginx', effect: 'deny' }]);
    await user.click(dialog.getByRole('button', { name: 'Done' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('goes on as it was when no file is chosen, and says why when it cannot be saved', async () => {
    let path: string | null = null;
    const { user, dialog } = await openExport(() =>
      path === null
        ? succeeded({ path })
        : failed({ kind: 'storage', code: 'full', message: 'the disk is full' }),
    );
    await user.click(dialog.getByRole('button', { name: 'Save as…' }));
    expect(dialog.queryByRole('status')).toBeNull();
    path = '/full';
    await user.click(dialog.getByRole('button', { name: 'Save as…' }));
    expect((await dialog.findByRole('alert')).textContent).toContain('The disk is full');
  });
});
