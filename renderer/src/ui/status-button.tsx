import { UnstyledButton } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import classes from './status-button.module.css';

interface StatusButtonProps {
  readonly icon: Icon;
  readonly first: string;
  readonly second: string;
  /** `warn` is worth attention, `alarm` needs an answer. */
  readonly tone?: 'quiet' | 'warn' | 'alarm';
  /** The line that has the tone. */
  readonly about?: 'first' | 'second';
  /** The whole text for screen readers. */
  readonly label: string;
  readonly title?: string;
  /** True if it opens a dialog instead of leading to a screen. */
  readonly opensDialog?: boolean;
  readonly onClick: () => void;
}

/** Shows a state on every screen in two short lines, and leads to its details. */
export function StatusButton(props: StatusButtonProps) {
  const { icon: Icon, first, second, label, title, onClick } = props;
  const { tone = 'quiet', about = 'first', opensDialog = false } = props;
  return (
    <UnstyledButton
      className={classes.status}
      data-tone={tone}
      data-about={about}
      aria-label={label}
      title={title}
      aria-haspopup={opensDialog ? 'dialog' : undefined}
      onClick={onClick}
    >
      <Icon size={17} stroke={1.7} aria-hidden />
      <span className={classes.lines}>
        <span className={classes.first}>{first}</span> <span className={classes.second}>{second}</span>
      </span>
    </UnstyledButton>
  );
}
