import { CloseButton, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { explainFailure } from '../../../domain/failures';
import { DurationChoice, KeysChoice } from '../../../forms/answer-choices';
import { useBatch } from '../../../stores/batch';
import { useMirror } from '../../../stores/mirror';
import { may } from '../../../stores/mirror-model';
import { useNow } from '../../../ui/clock';
import { FormError } from '../../../ui/form-error';
import { AnswerButton } from '../answer/answer-button';
import { rememberedChoices } from '../answer/remembered-choices';
import { authorizeTogether, denyTogether } from '../bulk/answer-together';
import { commonWords } from '../list/groups';
import type { Choices } from '../model';
import classes from './panel.module.css';

interface TogetherPanelProps {
  /** The pending reviews that are answered. */
  readonly reviews: readonly Review[];
  readonly title: string;
  /** False for a moment after something has moved. */
  readonly isSteady: boolean;
  readonly closeLabel: string;
  readonly onClose: (() => void) | null;
  readonly onAnswered: () => void;
}

/** Answers several reviews with one press, each for its own address. */
export function TogetherPanel(props: TogetherPanelProps) {
  const { reviews, title, isSteady, closeLabel, onClose, onAnswered } = props;
  const [choices, setChoices] = useState(rememberedChoices);
  const mayAnswer = useMirror((mirror) => may(mirror.account, 'authorized_ips'));
  const step = useBatch((state) => state.step);
  const failure = useBatch((state) => state.failure);
  const nowMs = useNow();
  const change = (changed: Partial<Choices>): void => setChoices({ ...choices, ...changed });
  const isBusy = step !== null;
  const count = reviews.length;
  const ids = reviews.map(({ id }) => id);
  const after = (answer: Promise<boolean>): void => {
    void answer.then((isDone) => isDone && onAnswered());
  };
  return (
    <section className={classes.panel} role="group" aria-label={t('answer.answerTogether')} data-pending="">
      <div className={classes.body}>
        <div className={classes.head}>
          <h2 className={classes.title}>{title}</h2>
          {onClose !== null && (
            <CloseButton
              size="sm"
              className={classes.close ?? ''}
              aria-label={closeLabel}
              disabled={isBusy}
              onClick={onClose}
            />
          )}
        </div>
        <p className={classes.sentence}>{commonWords(reviews)}.</p>
        <p className={classes.sentence}>{t(`answer.eachMeans_${choices.scope}`)}</p>
      </div>
      {mayAnswer && (
        <div className={classes.bar}>
          <div className={classes.choices}>
            <SegmentedControl
              aria-label={t('answer.forEach')}
              fullWidth
              data={[
                { value: 'address', label: t('answer.forEach_address') },
                { value: 'subnet', label: t('answer.forEach_subnet') },
              ]}
              value={choices.scope}
              disabled={isBusy}
              onChange={(scope) => change({ scope: scope === 'subnet' ? 'subnet' : 'address' })}
            />
            <KeysChoice
              thisKeyOnly={choices.thisKeyOnly}
              thisKey={t('answer.itsKeyOnly')}
              disabled={isBusy}
              onChange={change}
            />
            <DurationChoice duration={choices.duration} keyHints disabled={isBusy} onChange={change} />
          </div>
          <FormError message={failure === null ? null : explainFailure(failure, nowMs).message} />
          <div className={classes.buttons}>
            <AnswerButton
              answer="authorize"
              step={step}
              isGuarded={!isSteady}
              onAnswer={() => after(authorizeTogether(ids, choices))}
            >
              {choices.scope === 'subnet'
                ? t('answer.authorizeSubnets', { count })
                : t('answer.authorizeAddresses', { count })}
            </AnswerButton>
            <AnswerButton
              answer="deny"
              step={step}
              isGuarded={!isSteady}
              onAnswer={() => after(denyTogether(ids))}
            >
              {t('answer.denyAddresses', { count })}
            </AnswerButton>
          </div>
        </div>
      )}
    </section>
  );
}
