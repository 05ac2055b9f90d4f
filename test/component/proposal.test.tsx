import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Proposal } from '#shared/domain/proposal';
import { failed, succeeded } from '#shared/ipc/failure';
import { axeFindings } from '#test/support/axe';
import {
  rememberChoices,
  rememberedChoices,
} from '../../renderer/src/features/pending/answer/remembered-choices';
import { emptyAnswerDraft } from '../../renderer/src/stores/ui';
import { account, OPERATION_ID, range, review, source } from './builders';
import { renderApp, type Scene } from './render-app';

const network: Proposal = { kind: 'network', asn: 3320, ipv4Addresses: 33_554_432, covers: 3 };
const near: Proposal = { kind: 'range', cidr: '203.0.113.0/28', covers: 2 };

const open = async (proposal: Proposal, scene: Scene = {}, isWindow = false) => {
  const { ip, lastAt: at } = review();
  const callers = [{ ip, at, method: 'GET', path: '/v1/orders', userAgent: 'shop/2.1' }];
  const asked = review({ proposal, callers, asn: 3320, asName: 'Deutsche Telekom AG' });
  const world = renderApp({
    ...scene,
    mirror: { reviews: [asked], ...scene.mirror },
    ...(isWindow && { approval: asked.id }),
  });
  return { ...world, asked, box: within(await screen.findByRole('region', { name: 'Proposal' })) };
};
const press = async ({ user, box }: Awaited<ReturnType<typeof open>>, name: string): Promise<void> => {
  const button = box.getByRole('button', { name });
  await waitFor(() => expect(button.hasAttribute('disabled')).toBe(false));
  await user.click(button);
};

describe('what would cover several addresses', () => {
  it.each([true, false])(
    'is the network, which one press lets in for this key (window: %s)',
    async (isWindow) => {
      const answers = { sources: { add: () => succeeded({ source: source(), notes: [] }) } };
      const world = await open(network, { answers }, isWindow);
      expect(world.box.getByText(/one of 3 addresses in AS3320 Deutsche Telekom AG/).textContent).toContain(
        'The whole network has 33,554,432 IPv4 addresses',
      );
      expect(await axeFindings()).toEqual([]);
      // A small window shows it without scrolling.
      const proposed = screen.getByRole('region', { name: 'Proposal' });
      const history = screen.getByText('Who called');
      expect(proposed.compareDocumentPosition(history)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
      await press(world, 'Authorize the network');
      expect(world.double.requests('sources.add')).toEqual([
        { kind: 'asn', spec: { asn: 3320 }, effect: 'authorize', keyId: world.asked.keyId },
      ]);
      if (!isWindow) {
        expect(await screen.findByText(/^AS3320 Deutsche Telekom AG is let in for this key/)).toBeTruthy();
      }
    },
  );

  it('is a range, which answers the review like any other choice', async () => {
    const answered = review({ status: 'authorized', version: 2 });
    const answer = { review: answered, range: range({ cidr: near.cidr }), operationId: OPERATION_ID };
    rememberChoices(review(), { ...emptyAnswerDraft, duration: 'hour' });
    const world = await open(near, { answers: { reviews: { authorize: () => succeeded(answer) } } });
    expect(world.box.getByText(/203\.0\.113\.0\/28 holds all of them: 16 addresses/)).toBeTruthy();
    await press(world, 'Authorize 203.0.113.0/28');
    expect(world.double.requests('reviews.authorize')).toEqual([
      { reviewId: world.asked.id, scope: { cidr: '203.0.113.0/28', allowWide: false }, thisKeyOnly: true },
    ]);
    // The next review begins with what the person chose last, which this was not.
    expect(rememberedChoices()).toMatchObject({ duration: 'hour', thisKeyOnly: false });
  });

  it('can be declined for the network, and says why that failed', async () => {
    const declined = { reviews: { declineProposal: () => succeeded(review({ proposal: null })) } };
    const world = await open(network, { answers: declined });
    await press(world, 'Not for this network');
    expect(world.double.requests('reviews.declineProposal')).toEqual([{ reviewId: world.asked.id }]);
    world.double.answer('reviews', 'declineProposal', () =>
      failed({ kind: 'internal', message: 'The disk is full.' }),
    );
    await press(world, 'Not for this network');
    expect(await world.box.findByText(/The disk is full/)).toBeTruthy();
  });

  it('is a list of the cloud, and never the cloud as a whole', async () => {
    const list = { kind: 'preset', preset: 'google', covers: 2 } as const;
    const world = await open(list, {
      answers: { sources: { add: () => succeeded({ source: source(), notes: [] }) } },
    });
    expect(world.box.getByText(/A source with the list of Google Cloud/)).toBeTruthy();
    await press(world, 'Choose services and regions');
    const dialog = within(await screen.findByRole('dialog', { name: 'Add a source' }));
    expect(dialog.getByRole<HTMLSelectElement>('combobox', { name: 'Vendor' }).value).toBe('google');
    expect(world.double.requests('sources.add')).toEqual([]);
    await world.user.click(dialog.getByRole('combobox', { name: 'Regions' }));
    await world.user.keyboard('europe-west3{Enter}');
    await world.user.click(dialog.getByRole('button', { name: 'Add source' }));
    await waitFor(() => expect(world.double.requests('sources.add')).toHaveLength(1));
    expect(world.double.requests('sources.add')).toMatchObject([
      {
        kind: 'preset',
        spec: { preset: 'google', services: [], regions: ['europe-west3'] },
        effect: 'authorize',
        keyId: world.asked.keyId,
      },
    ]);
  });

  it('leads to no form from a window of its own, nor with a vendor that this console does not know', async () => {
    const unknown = { kind: 'preset', preset: 'unrecognised', covers: 2 } as const;
    const { box, view } = await open(unknown);
    expect(box.queryByRole('button', { name: 'Choose services and regions' })).toBeNull();
    view.unmount();
    const { box: window } = await open({ kind: 'preset', preset: 'aws', covers: 2 }, {}, true);
    expect(window.getAllByRole('button').map(({ textContent }) => textContent)).toEqual([
      'Not for this network',
    ]);
  });

  it('has no buttons for those who may not answer', async () => {
    const me = { ...account().me, role: 'user', permissions: [] } as const;
    const { box } = await open(network, { mirror: { account: account({ me: { ...me, permissions: [] } }) } });
    expect(box.queryByRole('button')).toBeNull();
  });
});
