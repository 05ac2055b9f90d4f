import { CloseButton } from '@mantine/core';
import { IconCircleCheck, IconForbid2, IconUserCheck } from '@tabler/icons-react';
import type { Ref } from 'react';
import { explainFailure } from '../../../domain/failures';
import type { Ending } from '../../../stores/answers';
import { useMirror } from '../../../stores/mirror';
import { useNow } from '../../../ui/clock';
import { FormError } from '../../../ui/form-error';
import { endingWords } from '../answer/ending-words';
import type { Answered } from '../model';
import classes from '../pending.module.css';
import { UndoButton } from '../answer/undo-button';

const ICONS = {
  authorized: IconCircleCheck,
  denied: IconForbid2,
  here: IconUserCheck,
  elsewhere: IconUserCheck,
} as const;

interface EndingLineProps {
  readonly ip: string;
  readonly reviewId: string;
  readonly answered: Answered;
  readonly ending: Ending;
  /** Receives the focus when the focused button disappears. */
  readonly lineRef: Ref<HTMLDivElement>;
  readonly onDismiss: () => void;
}

export function EndingLine(props: EndingLineProps) {
  const { ip, reviewId, answered, ending, lineRef, onDismiss } = props;
  const { answering, settled } = answered;
  const nowMs = useNow();
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const { title, detail } = endingWords(ending, answering, settled, isOnline, nowMs);
  const Icon = ICONS[ending.kind];
  const failure = answering.failure === null ? null : explainFailure(answering.failure, nowMs).message;
  return (
    <div className={classes.endingArea}>
      <div ref={lineRef} tabIndex={-1} className={classes.ending} data-kind={ending.kind}>
        <Icon size={18} aria-hidden />
        <p role="status">
          <strong>{title}</strong> {detail}
        </p>
        <UndoButton reviewId={reviewId} answered={answered} name={`Undo the answer for ${ip}`} />
        <CloseButton size="sm" aria-label={`Put ${ip} away`} onClick={onDismiss} />
      </div>
      <FormError message={failure} />
    </div>
  );
}
