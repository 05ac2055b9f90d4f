import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import { remote } from './builders';
import { renderApp } from './render-app';

const MESSAGE = 'http://10.0.0.7:8787 is not encrypted.';
const NONE = { connection: { kind: 'none' as const }, account: null, lastSyncAt: null, ranges: [], keys: [] };

describe('an address that is not encrypted', () => {
  const connectTo = async () => {
    const scene = renderApp({
      mirror: NONE,
      answers: {
        connection: {
          connect: ({ allowPlain = false }) =>
            allowPlain
              ? succeeded(undefined)
              : failed({ kind: 'invalid', code: 'plain_address', field: 'url', message: MESSAGE }),
        },
      },
    });
    const address = await screen.findByRole('textbox', { name: 'Service address' });
    await scene.user.type(address, 'http://10.0.0.7:8787');
    await scene.user.type(screen.getByLabelText('Access token'), 'secret{Enter}');
    expect((await screen.findByRole('alert')).textContent).toBe(MESSAGE);
    return { ...scene, address };
  };
  const sent = { url: 'http://10.0.0.7:8787', token: 'secret' };

  it('is asked about; Enter alone sends nothing', async () => {
    const { user, double } = await connectTo();
    expect(document.activeElement?.textContent).toBe('Do not send it');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(double.requests('connection.connect')).toEqual([sent]);
  });

  it('gets the token once that is chosen', async () => {
    const { user, double } = await connectTo();
    await user.click(screen.getByRole('button', { name: 'Send the token unencrypted' }));
    expect(double.requests('connection.connect')).toEqual([sent, { ...sent, allowPlain: true }]);
  });

  it('is forgotten about when another address is typed', async () => {
    const { user, address } = await connectTo();
    await user.type(address, '8');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByRole('button', { name: 'Connect' })).toBeTruthy();
  });

  it('of a saved connection is asked about in the same words', async () => {
    const connection = {
      kind: 'unauthorized' as const,
      service: remote,
      code: 'plain_address',
      message: MESSAGE,
    };
    const { user, double } = renderApp({
      mirror: { connection },
      answers: { connection: { allowPlain: () => succeeded(undefined) } },
    });
    await user.click(await screen.findByRole('button', { name: 'Decide…' }));
    await user.click(await screen.findByRole('button', { name: 'Send the token unencrypted' }));
    expect(double.requests('connection.allowPlain')).toEqual([{ url: remote.url }]);
  });
});
