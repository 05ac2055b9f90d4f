import { screen, within } from '@testing-library/react';
import { succeeded } from '#shared/ipc/failure';
import { showSources } from '../../renderer/src/stores/ui';
import { minutesAgo, source, ulid } from './builders';
import { renderApp, type Scene } from './render-app';

export const failing = source({
  id: ulid(701),
  label: 'Partner',
  kind: 'url',
  spec: { url: 'https://partner.example/list' },
  status: 'failing',
  lastTriedAt: minutesAgo(2),
  lastOkAt: minutesAgo(90),
  lastError: 'partner.example answered 503.',
});

export function renderSources({ mirror, answers, ...scene }: Scene = {}) {
  showSources();
  return renderApp({
    ...scene,
    mirror: { sources: [source(), failing], ...mirror },
    answers: {
      sources: {
        add: ({ kind, spec }) => succeeded({ source: source({ kind, spec: { ...spec } }), notes: [] }),
        update: ({ changes }) =>
          succeeded({ source: source(changes.paused === true ? { status: 'paused' } : {}), notes: [] }),
        refresh: () => succeeded({ source: source() }),
        remove: () => succeeded(undefined),
        ...answers?.sources,
      },
      ...answers,
    },
  });
}

export const item = async (name: string) => within(await screen.findByRole('listitem', { name }));
export const AWS = 'Amazon Web Services: S3, eu-west-1';
