import { IconCircleCheck, IconForbid2, IconHelpCircle } from '@tabler/icons-react';
import classes from './verdict-badge.module.css';

const BADGES = {
  allowed: { Icon: IconCircleCheck, word: 'Allowed' },
  blocked: { Icon: IconForbid2, word: 'Blocked' },
  unrecognised: { Icon: IconHelpCircle, word: 'New' },
} as const;

/** Shows a verdict by colour, shape and word, so that each alone is enough. */
export function VerdictBadge({ verdict }: { readonly verdict: keyof typeof BADGES }) {
  const { Icon, word } = BADGES[verdict];
  return (
    <span className={classes.verdict} data-verdict={verdict}>
      <Icon size={15} stroke={2} aria-hidden />
      {word}
    </span>
  );
}
