import { UnstyledButton } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import classes from './status-button.module.css';

interface StatusButtonProps {
  readonly icon: Icon;
  readonly first: string;
  readonly second: string;
  /** `warn` asks for a look, `alarm` for an answer. */
  readonly tone?: 'quiet' | 'warn' | 'alarm';
  /** The line that the tone is about. */
  readonly about?: 'first' | 'second';
  /** Everything that the button says, for those who cannot see it. */
  readonly label: string;
  readonly title?: string;
  /** Whether it opens a dialog instead of leading to a screen. */
  readonly opensDialog?: boolean;
  readonly onClick: () => void;
}

/** How something stands that is of interest on every screen, in two short lines, and the way to more about it. */
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
