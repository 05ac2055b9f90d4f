import { Checkbox, Radio } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import type { Mode } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { canReport, type Choice } from '../../domain/protection-words';
import { modeName } from '../../domain/reasons';
import { LearningEnd } from './learning-end';
import type { ModeOption } from './model';
import classes from './protection.module.css';

interface ModeCardProps {
  readonly option: ModeOption;
  readonly current: Choice;
  readonly chosen: Choice;
  readonly isDisabled: boolean;
  readonly onChoose: (choice: Choice & { readonly mode: Mode }) => void;
  /** The button that makes the choice hold. */
  readonly children: ReactNode;
}

export function ModeCard({ option, current, chosen, isDisabled, onChoose, children }: ModeCardProps) {
  const textId = useId();
  const currentId = useId();
  const { mode, summary, points, caveat } = option;
  const isSelected = mode === chosen.mode;
  return (
    <div className={classes.card} data-selected={isSelected ? '' : undefined}>
      <div className={classes.choice}>
        <label className={classes.label}>
          <Radio
            size="xs"
            name="mode"
            className={classes.radio ?? ''}
            value={mode}
            checked={isSelected}
            aria-describedby={mode === current.mode ? `${currentId} ${textId}` : textId}
            onChange={() => onChoose({ ...chosen, mode })}
          />
          <span className={classes.name}>{modeName(mode)}</span>
        </label>
        {mode === current.mode && (
          <span id={currentId} className={classes.current}>
            {t('protection.current')}
          </span>
        )}
      </div>
      <div className={classes.text} id={textId}>
        <p className={classes.summary}>{summary}</p>
        <ul className={classes.points}>
          {points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
        {mode === 'learning' && mode === current.mode && <LearningEnd />}
        {caveat !== null && isSelected && (
          <p className={classes.caveat}>
            <IconInfoCircle size={15} aria-hidden />
            {caveat}
          </p>
        )}
      </div>
      {isSelected && (
        <div className={classes.action}>
          {canReport(mode) && (
            <Checkbox
              label={t('protection.reportOnly')}
              description={t('protection.reportOnlyHelp')}
              checked={chosen.reportOnly}
              disabled={isDisabled}
              onChange={(event) => onChoose({ mode, reportOnly: event.currentTarget.checked })}
            />
          )}
          {children}
        </div>
      )}
    </div>
  );
}
