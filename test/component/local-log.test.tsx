import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import type { LocalLog } from '#shared/ipc/log';
import { renderApp } from './render-app';

describe('the log on this computer', () => {
  it('has a limit that can be chosen, and says how much is there', async () => {
    let log: LocalLog = { limit: 200_000, rows: 123_456 };
    const { user, double } = renderApp({
      answers: {
        log: {
          kept: () => succeeded(log),
          keep: ({ limit }) => {
            log = { limit, rows: 49_500 };
            return succeeded(undefined);
          },
        },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Settings' }));
    const field = await screen.findByLabelText<HTMLSelectElement>('Keep at most');
    expect(field.value).toBe('200000');
    expect([...field.options].map(({ text }) => text)).toEqual([
      '50,000 rows',
      '200,000 rows',
      '1,000,000 rows',
    ]);
    expect(screen.getByText(/^123,456 rows of this account’s log are here now/)).toBeTruthy();
    await user.selectOptions(field, '50,000 rows');
    await waitFor(() => expect(screen.getByText(/^49,500 rows/)).toBeTruthy());
    expect(double.requests('log.keep')).toEqual([{ limit: 50_000 }]);
  });

  it('stays as it was, and says why, when that cannot be set', async () => {
    const { user } = renderApp({
      answers: {
        log: {
          kept: () => succeeded({ limit: 200_000, rows: 1 }),
          keep: () => failed({ kind: 'internal', message: 'disk full' }),
        },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Settings' }));
    const field = await screen.findByLabelText<HTMLSelectElement>('Keep at most');
    await user.selectOptions(field, '1,000,000 rows');
    expect((await screen.findByRole('alert')).textContent).toContain('Disk full.');
    expect(field.value).toBe('200000');
  });
});
