import { t } from '#shared/i18n/t';
import type { Answered } from '../model';
import { undoAnswer } from './answering';
import { UndoInTime } from '../../../forms/undo-in-time';

interface UndoButtonProps {
  readonly reviewId: string;
  readonly answered: Answered;
  /** Name of the button where several are on screen: `Undo for 203.0.113.9`. */
  readonly name?: string;
  readonly hasKey: boolean;
}

export function UndoButton({ reviewId, answered, name, hasKey }: UndoButtonProps) {
  const { undo, answering } = answered;
  return (
    <UndoInTime
      untilMs={undo?.untilMs ?? null}
      answerKey={undo?.operationId ?? ''}
      isBusy={answering.step === 'undo'}
      words={t('answer.undo')}
      {...(name !== undefined && { name })}
      hasKey={hasKey}
      onUndo={() => {
        if (undo !== null) void undoAnswer(reviewId, undo.operationId);
      }}
    />
  );
}
