import type { Mode } from '#shared/domain/entities';

export interface ModeOption {
  readonly mode: Mode;
  readonly summary: string;
  readonly points: readonly string[];
  /** What is not there yet, said plainly. */
  readonly caveat: string | null;
}

const LEARNING: ModeOption = {
  mode: 'learning',
  summary: 'Every address that a key is used from is authorized when it is first seen.',
  points: ['Denied ranges stay blocked.', 'Choosing one of the modes below ends learning.'],
  caveat: null,
};

const OPTIONS: readonly ModeOption[] = [
  {
    mode: 'automatic',
    summary: 'Addresses that no range authorizes are judged by a trust review.',
    points: [
      'What it finds trustworthy is authorized, everything else is blocked and waits in Pending.',
      'Denied ranges stay blocked, whatever the review says.',
    ],
    caveat:
      'Trust review is not available yet: until it is, unknown addresses are blocked and wait in Pending.',
  },
  {
    mode: 'manual',
    summary: 'Addresses that no range authorizes are blocked until a person decides.',
    points: ['Each one is a question in Pending and a notification.', 'Nothing is authorized by itself.'],
    caveat: null,
  },
  {
    mode: 'deactivated',
    summary: 'Every address may use your keys.',
    points: [
      'Calls are still logged, and revoked keys stay blocked.',
      'Your ranges are kept, but neither authorized nor denied ones are applied.',
    ],
    caveat: null,
  },
];

/** The modes to show: learning only while the account is in it, because it cannot be chosen yet. */
export const optionsFor = (current: Mode): readonly ModeOption[] =>
  current === 'learning' ? [LEARNING, ...OPTIONS] : OPTIONS;
