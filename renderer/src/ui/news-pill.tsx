import { Button } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import classes from './news-pill.module.css';

interface NewsPillProps {
  /** How much has come meanwhile, in words. */
  readonly label: string;
  /** A table has a row of headings, which stays free. */
  readonly over: 'table' | 'cards';
  readonly onClick: () => void;
}

/** Lies over a list that does not move while somebody looks at it: more has come, and a press goes there. */
export function NewsPill({ label, over, onClick }: NewsPillProps) {
  return (
    <div className={classes.place} data-over={over}>
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
