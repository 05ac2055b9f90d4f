import { Button } from '@mantine/core';
import { t } from '#shared/i18n/t';
import { KeyHint } from '../../../ui/key-hint';
import classes from './approval.module.css';

/** Leads to the next review. */
export interface GoOn {
  readonly show: () => void;
  readonly label: string;
}

interface EndButtonsProps {
  /** Null if no other review is pending. */
  readonly goOn: GoOn | null;
  /** False for a moment, because the button appears where the answer's was. Closing is never guarded. */
  readonly armed: boolean;
  readonly onClose: () => void;
}

export function EndButtons({ goOn, armed, onClose }: EndButtonsProps) {
  return (
    <div className={classes.endButtons}>
      {goOn !== null && (
        <Button aria-keyshortcuts="Enter" disabled={!armed} onClick={goOn.show}>
          {goOn.label}
          <KeyHint>⏎</KeyHint>
        </Button>
      )}
      <Button variant="default" aria-keyshortcuts="Escape" onClick={onClose}>
        {t('review.close')}
      </Button>
    </div>
  );
}
