import { Button } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import classes from './news-pill.module.css';

interface NewsPillProps {
  readonly label: string;
  /** A table keeps its header row free. */
  readonly over: 'table' | 'cards';
  readonly onClick: () => void;
}

/** Floats over a list that does not move while somebody reads it, says that more has come, and leads there. */
export function NewsPill({ label, over, onClick }: NewsPillProps) {
  return (
    <div className={classes.pill} data-over={over}>
      <Button
        size="compact-sm"
        radius="xl"
        leftSection={<IconArrowUp size={14} aria-hidden />}
        onClick={onClick}
      >
        {label}
      </Button>
    </div>
  );
}
