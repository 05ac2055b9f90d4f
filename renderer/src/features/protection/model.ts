import { UNRECOGNISED } from '#shared/domain/told';
import type { Account, Mode } from '#shared/domain/entities';

export interface ModeOption {
  readonly mode: Mode;
  readonly summary: string;
  readonly points: readonly string[];
  /** Points to consider before choosing the mode. */
  readonly caveat: string | null;
}

const LEARNING: ModeOption = {
  mode: 'learning',
  summary: 'Every address that a key is used from is authorized when it is first seen.',
  points: [
    'When no new address has come for the learning window, the account goes to Automatic by itself.',
    'Denied ranges stay blocked.',
  ],
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
    caveat: null,
  },
  {
    mode: 'manual',
    summary: 'Addresses that no range authorizes are blocked until a person decides.',
    points: ['Each one becomes a review in Pending and a notification.', 'Nothing is authorized by itself.'],
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

const LEARN_AGAIN: ModeOption = {
  ...LEARNING,
  caveat: 'While it learns, whoever has one of your keys is let in, and stays authorized afterwards.',
};

/** Lists learning first while the account is learning, else last, where it means learning again. */
export function optionsFor(current: Account['mode']): readonly ModeOption[] {
  return current === 'learning' ? [LEARNING, ...OPTIONS] : [...OPTIONS, LEARN_AGAIN];
}

/** Confirmation of a mode that authorizes addresses nobody has decided about. */
export interface ModeWarning {
  readonly title: string;
  readonly confirm: string;
  readonly button: string;
  readonly texts: readonly string[];
}

export function warningOf(mode: Account['mode'], deniedRanges: string | null): ModeWarning | null {
  switch (mode) {
    case 'deactivated':
      return {
        title: 'Deactivate protection?',
        confirm: 'Accept every address',
        button: 'Deactivate…',
        texts: [
          'Everything will be accepted: whoever has one of your keys can use it from any address.',
          ...(deniedRanges === null ? [] : [`${deniedRanges} will not be applied either.`]),
          'Your ranges are kept for when you switch protection on again.',
        ],
      };
    case 'learning':
      return {
        title: 'Start learning again?',
        confirm: 'Start learning',
        button: 'Start learning…',
        texts: [
          'Every address that uses one of your keys will be let in and authorized: also one that should not have the key.',
          'Do this when you know that your keys are where they belong.',
        ],
      };
    case 'automatic':
    case 'manual':
    case UNRECOGNISED:
      return null;
  }
}
