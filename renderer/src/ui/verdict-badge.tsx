import { IconAlertCircle, IconCircleCheck, IconForbid2, IconHelpCircle } from '@tabler/icons-react';
import { t } from '#shared/i18n/t';
import classes from './verdict-badge.module.css';

const ICONS = {
  allowed: IconCircleCheck,
  blocked: IconForbid2,
  reported: IconAlertCircle,
  unrecognised: IconHelpCircle,
} as const;

/** Shows a verdict by colour, shape and word, so that each alone is enough. */
export function VerdictBadge({ verdict }: { readonly verdict: keyof typeof ICONS }) {
  const Icon = ICONS[verdict];
  return (
    <span className={classes.verdict} data-verdict={verdict}>
      <Icon size={15} stroke={2} aria-hidden />
      {t(`reasons.verdict_${verdict}`)}
    </span>
  );
}
