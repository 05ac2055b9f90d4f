import { Button, Checkbox, Tooltip } from '@mantine/core';
import { useState } from 'react';
import type { Review } from '#shared/domain/entities';
import { explainFailure } from '../../domain/failures';
import { useMirror } from '../../stores/mirror';
import { may } from '../../stores/mirror-model';
import { changeAnswerDraft, emptyAnswerDraft, useUi } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { ConfirmModal } from '../../ui/confirm-modal';
import { FormError } from '../../ui/form-error';
import classes from './answer.module.css';
import { AnswerOptions } from './answer-options';
import { authorizeLabel, isComplete, readScope } from './model';
import type { Answering } from './use-answer';

interface AnswerPanelProps {
  readonly review: Review;
  readonly layout: 'line' | 'stacked';
  readonly answering: Answering;
  /** Takes no input yet. */
  readonly guarded?: boolean;
}

/** The choices and the buttons that answer one question. */
export function AnswerPanel({ review, layout, answering, guarded = false }: AnswerPanelProps) {
  const draft = useUi((ui) => ui.answerDrafts[review.id] ?? emptyAnswerDraft);
  const mayAnswer = useMirror((mirror) => may(mirror.account, 'authorized_ips'));
  const mayUpdateKey = useMirror((mirror) => may(mirror.account, 'api_keys'));
  const [confirming, setConfirming] = useState(false);
  const nowMs = useNow();

  const { step, failure } = answering;
  const reading = readScope(review, draft);
  const busy = step !== null;
  const error = failure === null ? null : explainFailure(failure, nowMs).message;

  if (!mayAnswer) {
    return (
      <p className={classes.readOnly}>
        Your access token may look at questions but not answer them. It lacks the permission “Authorized IPs”.
      </p>
    );
  }
  return (
    <div className={classes.panel} data-layout={layout}>
      <AnswerOptions
        review={review}
        draft={draft}
        reading={reading}
        layout={layout}
        disabled={busy}
        onChange={(change) => changeAnswerDraft(review.id, change)}
      />
      <FormError message={confirming ? null : error} />
      <div className={classes.buttons} data-layout={layout}>
        <Button
          loading={step === 'authorize'}
          disabled={guarded || (busy && step !== 'authorize') || !isComplete(reading, draft)}
          onClick={() => void answering.authorize(draft)}
        >
          {authorizeLabel(reading)}
        </Button>
        <Button
          variant="default"
          loading={step === 'deny'}
          disabled={guarded || (busy && step !== 'deny')}
          onClick={() => void answering.deny(draft)}
        >
          Deny
        </Button>
        <Tooltip label="Your access token lacks the permission “API keys”." disabled={mayUpdateKey} multiline>
          <Button
            variant="default"
            disabled={guarded || busy || !mayUpdateKey}
            onClick={() => setConfirming(true)}
          >
            Deny and update the key
          </Button>
        </Tooltip>
        <Checkbox
          className={classes.keepOut}
          checked={draft.addDenyRange}
          disabled={busy}
          onChange={(event) => changeAnswerDraft(review.id, { addDenyRange: event.currentTarget.checked })}
          label="When denied, also add a deny range so it stays out"
        />
      </div>
      <ConfirmModal
        opened={confirming}
        title={`Deny ${review.ip} and update “${review.keyName}”?`}
        confirm="Deny and update the key"
        danger
        pending={step === 'deny-and-update'}
        error={error}
        onClose={() => setConfirming(false)}
        onConfirm={() => {
          void answering.denyAndUpdate(draft).then(() => setConfirming(false));
        }}
      >
        <p>
          The address stays blocked, and the key gets a new secret at once. Every caller that still uses the
          old secret is blocked until it has the new one.
        </p>
        <p>The new secret is shown to you once.</p>
      </ConfirmModal>
    </div>
  );
}
