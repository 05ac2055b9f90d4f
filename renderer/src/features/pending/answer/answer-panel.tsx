import { Button, Checkbox, Tooltip } from '@mantine/core';
import { useState } from 'react';
import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { authorizeLabel, isComplete, noteProblem, readScope } from '../../../domain/answer';
import { explainFailure } from '../../../domain/failures';
import { refusalOf } from '../../../domain/permissions';
import { AnswerNote } from '../../../forms/answer-note';
import { AnswerOptions } from '../../../forms/answer-options';
import type { Answering } from '../../../stores/answers';
import { useMirror } from '../../../stores/mirror';
import { may } from '../../../stores/mirror-model';
import { useNow } from '../../../ui/clock';
import { ConfirmModal } from '../../../ui/confirm-modal';
import { FormError } from '../../../ui/form-error';
import { AnswerButton } from './answer-button';
import classes from './answer.module.css';
import { authorizeReview, denyReview } from './answering';
import { LetsInBox } from './lets-in-box';
import type { Draft } from './use-draft';

interface AnswerPanelProps {
  readonly review: Review;
  readonly draft: Draft;
  readonly answering: Answering;
  /** The buttons ignore input for a moment. */
  readonly guarded: boolean;
  /** The buttons look disabled meanwhile. Beside a list, where a key leads from one review to the next, that would flicker. */
  readonly showsGuard: boolean;
}

export function AnswerPanel(props: AnswerPanelProps) {
  const { review, answering, guarded, showsGuard } = props;
  const { draft, change } = props.draft;
  const mayAnswer = useMirror((mirror) => may(mirror.account, 'authorized_ips'));
  const keyRefusal = useMirror((mirror) => refusalOf(mirror.account, 'api_keys'));
  const mayUpdateKey = keyRefusal === undefined;
  const [confirming, setConfirming] = useState(false);
  const nowMs = useNow();

  const { step, failure } = answering;
  const reading = readScope(review, draft);
  const busy = step !== null;
  const hasGoodNote = noteProblem(draft) === null;
  const error = failure === null ? null : explainFailure(failure, nowMs).message;
  const blocked = guarded && showsGuard;

  if (!mayAnswer) {
    return <p className={classes.readOnly}>{t('answer.readOnly')}</p>;
  }
  return (
    <div className={classes.panel}>
      <div className={classes.choices}>
        {/* This comes first, so that the choices stay in place while it grows. */}
        <LetsInBox review={review} reading={reading} thisKeyOnly={draft.thisKeyOnly} />
        <AnswerOptions
          review={review}
          draft={draft}
          reading={reading}
          keyHints
          disabled={busy}
          onChange={change}
        />
      </div>
      <AnswerNote draft={draft} disabled={busy} onChange={change} />
      <FormError message={confirming ? null : error} />
      <div className={classes.buttons}>
        <AnswerButton
          answer="authorize"
          step={step}
          isGuarded={guarded}
          isDisabled={blocked || !isComplete(reading, draft)}
          onAnswer={() => void authorizeReview(review, draft)}
        >
          {authorizeLabel(reading)}
        </AnswerButton>
        <AnswerButton
          answer="deny"
          step={step}
          isGuarded={guarded}
          isDisabled={blocked || !hasGoodNote}
          onAnswer={() => void denyReview(review, draft)}
        >
          {t('answer.deny')}
        </AnswerButton>
        <Tooltip label={keyRefusal} disabled={mayUpdateKey} multiline>
          <Button
            variant="default"
            disabled={blocked || busy || !mayUpdateKey || !hasGoodNote}
            aria-disabled={guarded}
            onClick={() => {
              if (!guarded) setConfirming(true);
            }}
          >
            {t('answer.denyAndUpdate')}
          </Button>
        </Tooltip>
        <Checkbox
          className={classes.keepOut}
          checked={draft.addDenyRange}
          disabled={busy}
          onChange={(event) => change({ addDenyRange: event.currentTarget.checked })}
          label={t('answer.keepOut')}
        />
      </div>
      <ConfirmModal
        opened={confirming}
        title={t('answer.updateTitle', { ip: review.ip, key: review.keyName })}
        confirm={t('answer.denyAndUpdate')}
        danger
        pending={step === 'deny-and-update'}
        error={error}
        onClose={() => setConfirming(false)}
        onConfirm={() => {
          void denyReview(review, draft, true).then(() => setConfirming(false));
        }}
      >
        <p>{t('answer.updateMeans')}</p>
        <p>{t('answer.updateIsFinal')}</p>
      </ConfirmModal>
    </div>
  );
}
