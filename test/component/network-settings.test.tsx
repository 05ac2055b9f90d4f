import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import { network } from './builders';
import { renderApp, type Scene } from './render-app';

async function openSettings(answers: NonNullable<Scene['answers']>['network'] = {}) {
  const scene = renderApp({ answers: { network: answers } });
  await scene.user.click(await screen.findByRole('button', { name: 'Settings' }));
  return { ...scene, section: within(await screen.findByRole('region', { name: 'Network' })) };
}

describe('the settings of the network', () => {
  it('say how the service is reached', async () => {
    const route = 'gatehouse.example.com is reached directly.';
    const { section } = await openSettings({ state: () => succeeded(network({ route })) });
    expect(section.getByText(route, { exact: false })).toBeTruthy();
  });

  it('take a proxy with user name and password, and forget the password once it is saved', async () => {
    const { user, double, section } = await openSettings({
      change: ({ address = '', userName = '' }) =>
        succeeded(
          network({ settings: { ...network().settings, proxy: 'own', address, userName }, password: 'kept' }),
        ),
    });
    await user.click(section.getByRole('radio', { name: 'This proxy' }));
    await user.type(section.getByRole('textbox', { name: 'Address of the proxy' }), 'proxy.example.com:3128');
    await user.type(section.getByRole('textbox', { name: 'User name' }), 'me');
    await user.type(section.getByLabelText('Password of the proxy'), 'secret');
    await user.click(section.getByRole('button', { name: 'Save and connect anew' }));
    expect(double.requests('network.change')).toEqual([
      {
        proxy: 'own',
        address: 'proxy.example.com:3128',
        exceptions: '',
        userName: 'me',
        authorityFile: '',
        password: 'secret',
      },
    ]);
    expect(await section.findByText(/One is kept by the system’s key store/)).toBeTruthy();
    expect(section.getByLabelText<HTMLInputElement>('Password of the proxy').value).toBe('');
  });

  it('are there at the first start, when nothing can be reached without them', async () => {
    const { user } = renderApp({ mirror: { connection: { kind: 'none' }, account: null, lastSyncAt: null } });
    await user.click(await screen.findByText('Proxy and certificates'));
    expect(await screen.findByRole('textbox', { name: 'Certificate authority file' })).toBeTruthy();
  });

  it('take a file with certificates, and show under its field what is wrong with it', async () => {
    const { user, section } = await openSettings({
      chooseFile: () => succeeded('/home/me/company.pem'),
      change: () =>
        failed({
          kind: 'invalid',
          code: 'invalid_setting',
          field: 'authorityFile',
          message: 'It holds no certificate.',
        }),
    });
    await user.click(section.getByRole('button', { name: 'Choose a certificate file…' }));
    const field = await section.findByDisplayValue('/home/me/company.pem');
    await user.click(section.getByRole('button', { name: 'Save and connect anew' }));
    const text = await section.findByText('It holds no certificate.');
    expect(field.getAttribute('aria-describedby')).toContain(text.id);
  });
});
