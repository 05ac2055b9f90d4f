import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { ListedOperation } from '#shared/ipc/outbox';
import { failed, succeeded } from '#shared/ipc/failure';
import type { Answers } from '../support/bridge-double';
import { KEY_ID, minutesAgo, OPERATION_ID, quiet, review } from './builders';
import { conflict, item, office, showOperations } from './operations-world';

const pending = review({ ip: '203.0.113.9', suggestedCidr: '203.0.113.0/24' });
const answer = item({
  operation: {
    id: OPERATION_ID,
    type: 'review.authorize',
    madeAt: minutesAgo(3),
    reviewId: pending.id,
    scope: { cidr: '203.0.113.0/28' },
    durationSeconds: 86_400,
    thisKeyOnly: true,
  },
  base: pending,
  mine: { ...pending, status: 'authorized' },
  state: {
    kind: 'conflicted',
    code: 'already_decided',
    detail: 'This review was answered already.',
    current: { ...pending, status: 'denied', decidedBy: 'anna@example.com', version: 2 },
  },
  attempts: 1,
  undoable: false,
});
const done = () => succeeded(undefined);

/** How main is asked for another change instead of the one that is shown. */
const instead = (request: unknown) => ({ id: OPERATION_ID, resolution: { choice: 'replace', request } });

/** Shows the operation, which came second, and opens the form for another one; `resolve` is main's answer to that. */
async function openForm(second: ListedOperation, resolve: NonNullable<Answers['outbox']>['resolve'] = done) {
  const { user, double } = await showOperations({
    mirror: { sync: { ...quiet, conflicts: 1 } },
    answers: { outbox: { list: () => succeeded([second]), resolve } },
  });
  await user.click(await screen.findByRole('button', { name: /^Edit…/ }));
  return { user, double, form: within(screen.getByRole('form')) };
}

describe('another change instead of one that came second', () => {
  it('is one of the range as it stands now', async () => {
    const { user, double, form } = await openForm(conflict, () =>
      failed({ kind: 'invalid', code: 'invalid_request', field: 'label', message: 'too long' }),
    );
    expect(screen.getByRole('form', { name: /Another change instead of: Change 198/ })).toBeTruthy();
    expect(form.getByLabelText<HTMLInputElement>('Address or range')).toMatchObject({
      value: '198.51.100.0/24',
      readOnly: true,
    });
    const label = form.getByLabelText<HTMLInputElement>('Label');
    expect(label.value).toBe('Head office');
    await user.clear(label);
    await user.type(label, 'Zentrale 2');
    await user.selectOptions(form.getByLabelText('API key'), 'Billing worker only');
    await user.click(form.getByText('Deny'));
    await user.click(form.getByRole('button', { name: 'Send this instead' }));
    expect(double.requests('outbox.resolve')).toEqual([
      instead({
        type: 'range.update',
        rangeId: office.id,
        changes: { label: 'Zentrale 2', effect: 'deny', keyId: KEY_ID },
      }),
    ]);
    // What is wrong stands at its field, and nothing that was typed is lost.
    const problem = await form.findByText('Too long.');
    expect(label.getAttribute('aria-describedby')).toContain(problem.id);
    expect(label.value).toBe('Zentrale 2');
    double.answer('outbox', 'resolve', done);
    await user.click(form.getByRole('button', { name: 'Send this instead' }));
    await waitFor(() => expect(screen.queryByRole('form')).toBeNull());
  });

  it('is confirmed about a very wide range before it holds for others', async () => {
    const wide = { ...office, cidr: '0.0.0.0/0', effect: 'deny' as const, expiresAt: minutesAgo(1) };
    const current = { ...wide, label: 'Zentrale', version: 2 };
    const wideConflict = {
      ...conflict,
      base: wide,
      state: { ...conflict.state, current },
    } as ListedOperation;
    const { user, double, form } = await openForm(wideConflict);
    // It has expired already and may stay so.
    await user.click(form.getByText('Authorize'));
    await user.click(form.getByRole('button', { name: 'Send this instead' }));
    expect(double.requests('outbox.resolve')).toEqual([]);
    await user.click(form.getByRole('checkbox', { name: /^I mean to authorize all/ }));
    await user.click(form.getByRole('button', { name: 'Send this instead' }));
    expect(double.requests('outbox.resolve')).toMatchObject([
      { resolution: { request: { changes: { label: 'Head office', effect: 'authorize' } } } },
    ]);
  });

  it('adds a range that is gone again, as another one', async () => {
    const gone = item({
      ...conflict,
      state: { kind: 'conflicted', code: 'not_found', detail: 'Gone.', current: null },
    });
    const { user, double, form } = await openForm(gone);
    const field = form.getByLabelText('Address or range');
    await user.clear(field);
    await user.type(field, '198.51.100.0/25');
    await user.click(form.getByRole('button', { name: 'Send this instead' }));
    expect(double.requests('outbox.resolve')).toMatchObject([
      { resolution: { request: { type: 'range.add', cidr: '198.51.100.0/25', label: 'Head office' } } },
    ]);
  });

  it('is another answer to a review, or a denial', async () => {
    const { user, double, form } = await openForm(answer, () =>
      failed({
        kind: 'invalid',
        code: 'too_wide',
        field: 'scope.cidr',
        message: 'This is wider than /8.',
      }),
    );
    expect(form.getByText(/It was answered already/)).toBeTruthy();
    const own = form.getByLabelText<HTMLInputElement>('Range to authorize');
    expect(own.value).toBe('203.0.113.0/28');
    await user.clear(own);
    await user.type(own, '203.0.113.8/30');
    await user.click(form.getByText('7 days'));
    await user.click(form.getByText('All keys'));
    await user.click(form.getByRole('button', { name: 'Send this instead' }));
    const problem = await form.findByText('This is wider than /8.');
    expect(own.getAttribute('aria-describedby')).toContain(problem.id);
    expect(own.value).toBe('203.0.113.8/30');
    double.answer('outbox', 'resolve', done);
    await user.click(form.getByText('Deny'));
    await user.click(form.getByRole('button', { name: 'Send this instead' }));
    expect(double.requests('outbox.resolve')).toEqual([
      instead({
        type: 'review.authorize',
        reviewId: pending.id,
        scope: { cidr: '203.0.113.8/30', allowWide: false },
        durationSeconds: 604_800,
        thisKeyOnly: false,
      }),
      instead({ type: 'review.deny', reviewId: pending.id, addDenyRange: false }),
    ]);
  });

  it('keeps what was typed when Escape closes the list, and not when it is cancelled', async () => {
    const { user, form } = await openForm(answer);
    const own = (within_: typeof form) => within_.getByLabelText<HTMLInputElement>('Range to authorize');
    await user.type(own(form), '9');
    await user.type(form.getByLabelText('Note'), 'Half of a no');
    const open = async () => {
      await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
      await user.click(screen.getByRole('button', { name: 'Show changes' }));
      await user.click(await screen.findByRole('button', { name: /^Edit…/ }));
      return within(screen.getByRole('form'));
    };
    await user.keyboard('{Escape}');
    const kept = await open();
    expect(own(kept).value).toBe('203.0.113.0/289');
    expect(kept.getByLabelText('Note')).toHaveProperty('value', 'Half of a no');
    await user.click(kept.getByRole('button', { name: 'Cancel' }));
    await user.click(await screen.findByRole('button', { name: /^Edit…/ }));
    expect(own(within(screen.getByRole('form'))).value).toBe('203.0.113.0/28');
  });
});
