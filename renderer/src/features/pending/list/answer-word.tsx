import { IconCircleCheck, IconForbid2, IconHelpCircle, IconLoader, IconUserCheck } from '@tabler/icons-react';
import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import classes from './list.module.css';

const ICONS: Readonly<Record<Review['status'], typeof IconHelpCircle>> = {
  pending: IconLoader,
  authorized: IconCircleCheck,
  denied: IconForbid2,
  superseded: IconUserCheck,
  expired: IconUserCheck,
  unrecognised: IconHelpCircle,
};

/** Shows how the review was answered, in the place of the trust review's verdict. */
export function AnswerWord({ status }: { readonly status: Review['status'] }) {
  const Icon = ICONS[status];
  return (
    <span className={classes.answer} data-status={status}>
      <Icon size={15} aria-hidden />
      {t(`pending.status_${status}`)}
    </span>
  );
}
