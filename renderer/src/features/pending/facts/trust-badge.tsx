import { IconAlertTriangle, IconHelpCircle, IconUserCheck, IconUserQuestion } from '@tabler/icons-react';
import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import classes from './facts.module.css';
import { type Trust, trustOf } from './trust';

const ICONS: Readonly<Record<Trust, typeof IconHelpCircle>> = {
  suspicious: IconAlertTriangle,
  strange: IconUserQuestion,
  familiar: IconUserCheck,
  unknown: IconHelpCircle,
};

/** Shows the trust review's verdict by shape and word, so that each alone is enough. */
export function TrustBadge({ review }: { readonly review: Review }) {
  const trust = trustOf(review);
  const Icon = ICONS[trust];
  return (
    <span className={classes.trust} data-trust={trust} title={t(`review.trustMeans_${trust}`)}>
      <Icon size={15} aria-hidden />
      {t(`review.trust_${trust}`)}
    </span>
  );
}
