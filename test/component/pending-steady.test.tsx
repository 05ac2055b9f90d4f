import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { minutesAgo, review, ulid } from './builders';
import { patchMirror, renderApp } from './render-app';

const [first, second] = [
  review(),
  review({ id: ulid(201), ip: '192.0.2.44', suggestedCidr: '192.0.2.0/24' }),
];

describe('what has moved', () => {
  const fresh = review({ id: ulid(203), ip: '192.0.2.1', firstAt: minutesAgo(0) });
  const arrive = (double: ReturnType<typeof renderApp>['double']): void =>
    patchMirror(double, { reviews: { upserted: [fresh], removed: [] } });

  it('takes no press for a moment, without a flicker', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first, second] } });
    await user.click(await screen.findByRole('row', { name: /192\.0\.2\.44/ }));
    const panel = await screen.findByRole('article', { name: '192.0.2.44' });
    const button = within(panel).getByRole('button', { name: 'Authorize this address' });
    fireEvent.click(button);
    expect(double.requests('reviews.authorize')).toEqual([]);
    expect(button.hasAttribute('disabled')).toBe(false);
    await waitFor(() => expect(button.getAttribute('aria-disabled')).toBe('false'));
    fireEvent.click(button);
    await waitFor(() => expect(double.requests('reviews.authorize')).toHaveLength(1));
  });

  it('is not the panel: a review stays there while others come', async () => {
    const { double } = renderApp({ mirror: { reviews: [first] } });
    await screen.findByRole('article', { name: '203.0.113.9' });
    arrive(double);
    expect(screen.getAllByRole('row')).toHaveLength(2);
    expect(screen.getByRole('article', { name: '203.0.113.9' })).toBeTruthy();
  });

  it('does not move while the focus goes from one button of the panel to the next', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] } });
    const panel = within(await screen.findByRole('article', { name: '203.0.113.9' }));
    panel.getByRole('button', { name: 'Authorize this address' }).focus();
    arrive(double);
    await user.tab();
    expect(document.activeElement).toBe(panel.getByRole('button', { name: 'Deny' }));
    expect(screen.getAllByRole('row')).toHaveLength(1);
    expect(screen.getByRole('button', { name: '1 new review' })).toBeTruthy();
    act(() => (document.activeElement as HTMLElement).blur());
    await waitFor(() => expect(screen.getAllByRole('row')).toHaveLength(2));
  });

  it('moves where the pointer only rests beside the reviews', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] } });
    await user.pointer({ target: await screen.findByRole('grid') });
    arrive(double);
    await waitFor(() => expect(screen.getAllByRole('row')).toHaveLength(2));
  });
});
