import { CloseButton } from '@mantine/core';
import type { ReactNode, RefObject } from 'react';
import { t } from '#shared/i18n/t';
import classes from './split-view.module.css';

interface SplitViewProps {
  readonly children: ReactNode;
  /** Details of one of its rows, or nothing. */
  readonly panel: ReactNode;
  /** Called for Escape in the list. */
  readonly onEscape: () => void;
}

export function SplitView({ children, panel, onEscape }: SplitViewProps) {
  return (
    <div className={classes.split}>
      <div
        className={classes.main}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onEscape();
        }}
      >
        {children}
      </div>
      {panel}
    </div>
  );
}

interface SidePanelProps {
  readonly labelledBy: string;
  readonly panelRef: RefObject<HTMLElement | null>;
  readonly head: ReactNode;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

/** Shows details beside a list. It can take the focus, and Escape closes it. */
export function SidePanel({ labelledBy, panelRef, head, children, onClose }: SidePanelProps) {
  return (
    <aside
      ref={panelRef}
      className={classes.panel}
      aria-labelledby={labelledBy}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <div className={classes.head}>
        {head}
        <CloseButton
          size="sm"
          aria-label={t('words.closeDetails')}
          onClick={onClose}
          className={classes.close ?? ''}
        />
      </div>
      {children}
    </aside>
  );
}
