import { Button, Checkbox, Tooltip } from '@mantine/core';
import { useState } from 'react';
import type { Review } from '#shared/domain/entities';
import { authorizeLabel, isComplete, noteProblem, readScope } from '../../../domain/answer';
import { explainFailure } from '../../../domain/failures';
import { AnswerNote } from '../../../forms/answer-note';
import { AnswerOptions } from '../../../forms/answer-options';
import type { Answering } from '../../../stores/answers';
import { useMirror } from '../../../stores/mirror';
import { may } from '../../../stores/mirror-model';
import { useNow } from '../../../ui/clock';
import { ConfirmModal } from '../../../ui/confirm-modal';
import { FormError } from '../../../ui/form-error';
import { KeyHint } from '../../../ui/key-hint';
import classes from './answer.module.css';
import { authorizeReview, denyReview } from './answering';
import { LetsInBox } from './lets-in-box';
import { LetsInLine } from './lets-in-line';
import type { Draft } from './use-draft';

interface AnswerPanelProps {
  readonly review: Review;
  /** `line` on a card; `stacked` in the approval window, with key hints. */
  readonly layout: 'line' | 'stacked';
  readonly draft: Draft;
  readonly answering: Answering;
  /** The buttons ignore input for a moment. Only the approval window shows that; in a list it would flicker. */
  readonly guarded: boolean;
}

export function AnswerPanel(props: AnswerPanelProps) {
  const { review, layout, answering, guarded } = props;
  const { draft, change } = props.draft;
  const mayAnswer = useMirror((mirror) => may(mirror.account, 'authorized_ips'));
  const mayUpdateKey = useMirror((mirror) => may(mirror.account, 'api_keys'));
  const [confirming, setConfirming] = useState(false);
  const nowMs = useNow();

  const { step, failure } = answering;
  const reading = readScope(review, draft);
  const busy = step !== null;
  const hasGoodNote = noteProblem(draft) === null;
  const stacked = layout === 'stacked';
  const error = failure === null ? null : explainFailure(failure, nowMs).message;
  const blocked = guarded && stacked;
  // In a list a screen reader tells the buttons apart by the address.
  const named = (label: string) => (stacked ? {} : { 'aria-label': `${label}, ${review.ip}` });
  const guardedly = (act: () => void) => ({
    'aria-disabled': guarded,
    onClick: () => {
      if (!guarded) act();
    },
  });

  if (!mayAnswer) {
    return (
      <p className={classes.readOnly}>
        Your access token may look at questions but not answer them. It lacks the permission “Authorized IPs”.
      </p>
    );
  }
  return (
    <div className={classes.panel} data-layout={layout}>
      <div className={classes.choices} data-layout={layout}>
        {/* In the approval window this comes first, so that the choices stay in place while it grows. */}
        {stacked && <LetsInBox review={review} reading={reading} thisKeyOnly={draft.thisKeyOnly} />}
        <AnswerOptions
          review={review}
          draft={draft}
          reading={reading}
          layout={layout}
          keyHints={stacked}
          disabled={busy}
          onChange={change}
        />
        {!stacked && <LetsInLine review={review} reading={reading} thisKeyOnly={draft.thisKeyOnly} />}
      </div>
      <AnswerNote ip={review.ip} draft={draft} isOnDemand={!stacked} disabled={busy} onChange={change} />
      <FormError message={confirming ? null : error} />
      <div className={classes.buttons} data-layout={layout}>
        <Button
          loading={step === 'authorize'}
          disabled={blocked || (busy && step !== 'authorize') || !isComplete(reading, draft)}
          {...(stacked ? { 'aria-keyshortcuts': 'Enter' } : {})}
          {...named(authorizeLabel(reading))}
          {...guardedly(() => void authorizeReview(review, draft))}
        >
          {authorizeLabel(reading)}
          {stacked && <KeyHint>⏎</KeyHint>}
        </Button>
        <Button
          variant="default"
          loading={step === 'deny'}
          disabled={blocked || (busy && step !== 'deny') || !hasGoodNote}
          {...(stacked ? { 'aria-keyshortcuts': 'D' } : {})}
          {...named('Deny')}
          {...guardedly(() => void denyReview(review, draft))}
        >
          Deny
          {stacked && <KeyHint>D</KeyHint>}
        </Button>
        <Tooltip label="Your access token lacks the permission “API keys”." disabled={mayUpdateKey} multiline>
          <Button
            variant="default"
            disabled={blocked || busy || !mayUpdateKey || !hasGoodNote}
            {...named('Deny and update the key')}
            {...guardedly(() => setConfirming(true))}
          >
            Deny and update the key
          </Button>
        </Tooltip>
        <Checkbox
          className={classes.keepOut}
          checked={draft.addDenyRange}
          disabled={busy}
          onChange={(event) => change({ addDenyRange: event.currentTarget.checked })}
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
          void denyReview(review, draft, true).then(() => setConfirming(false));
        }}
      >
        <p>
          The address stays blocked, and the key gets a new secret at once. Every caller that still uses the
          old secret is blocked until it has the new one.
        </p>
        <p>The new secret is shown to you once. This cannot be undone.</p>
      </ConfirmModal>
    </div>
  );
}
