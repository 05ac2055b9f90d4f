import { IconCircleCheck, IconForbid2, IconHelpCircle, IconLoader, IconUserCheck } from '@tabler/icons-react';
import type { Review } from '#shared/domain/entities';
import classes from './list.module.css';

const LOOKS: Readonly<
  Record<Review['status'], { readonly Icon: typeof IconHelpCircle; readonly word: string }>
> = {
  pending: { Icon: IconLoader, word: 'Sending…' },
  authorized: { Icon: IconCircleCheck, word: 'Authorized' },
  denied: { Icon: IconForbid2, word: 'Denied' },
  superseded: { Icon: IconUserCheck, word: 'Settled' },
  expired: { Icon: IconUserCheck, word: 'Expired' },
  unrecognised: { Icon: IconHelpCircle, word: 'New' },
};

/** Shows how the review was answered, in the place of the trust review's verdict. */
export function AnswerWord({ status }: { readonly status: Review['status'] }) {
  const { Icon, word } = LOOKS[status];
  return (
    <span className={classes.answer} data-status={status}>
      <Icon size={15} aria-hidden />
      {word}
    </span>
  );
}
