import { IconAlertTriangle, IconHelpCircle, IconUserCheck, IconUserQuestion } from '@tabler/icons-react';
import type { Review } from '#shared/domain/entities';
import classes from './facts.module.css';
import { type Trust, trustOf } from './trust';

const LOOKS: Readonly<
  Record<Trust, { readonly Icon: typeof IconHelpCircle; readonly word: string; readonly means: string }>
> = {
  suspicious: {
    Icon: IconAlertTriangle,
    word: 'Suspicious',
    means: 'The trust review found more against the address than for it',
  },
  strange: {
    Icon: IconUserQuestion,
    word: 'Stranger',
    means: 'The trust review found nothing that connects the address with the key',
  },
  familiar: {
    Icon: IconUserCheck,
    word: 'Familiar',
    means: 'The trust review found something that speaks for the address, but not enough',
  },
  unknown: { Icon: IconHelpCircle, word: 'Unknown', means: 'There was no trust review' },
};

/** Shows the trust review's verdict by shape and word, so that each alone is enough. */
export function TrustBadge({ review }: { readonly review: Review }) {
  const trust = trustOf(review);
  const { Icon, word, means } = LOOKS[trust];
  return (
    <span className={classes.trust} data-trust={trust} title={means}>
      <Icon size={15} aria-hidden />
      {word}
    </span>
  );
}
