import { Button, Checkbox, SegmentedControl } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Resolution } from '#shared/ipc/outbox';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { type CallInProgress, useCall } from '../../bridge/use-call';
import { isComplete, noteProblem, readScope } from '../../domain/answer';
import { fieldMessage } from '../../domain/failures';
import { AnswerNote } from '../../forms/answer-note';
import { AnswerOptions } from '../../forms/answer-options';
import { useFailureText } from '../../forms/failure-message';
import { RangeFields } from '../../forms/range-fields';
import { useRangeForm } from '../../forms/use-range-form';
import { useDraft } from '../../stores/drafts';
import type { AnswerDraft } from '../../stores/ui';
import { useReadClock } from '../../ui/clock';
import { DialogButtons, Form } from '../../ui/form';
import { FormError } from '../../ui/form-error';
import { answerResolution, type ReplacementSubject, rangeResolution } from './replacement-subject';
import classes from './operations.module.css';

interface ReplacementFormProps {
  readonly id: string;
  readonly words: string;
  readonly subject: ReplacementSubject;
  readonly onClose: () => void;
}

/** Replaces a held operation by another one. The form stays open with its values until main has taken it. */
export function ReplacementForm({ id, words, subject, onClose }: ReplacementFormProps) {
  const resolving = useCall((id: string, resolution: Resolution) =>
    bridge().calls.outbox.resolve({ id, resolution }),
  );
  const frame = { id, words, resolving, onClose };
  const send = (resolution: Resolution): void => {
    void resolving.run(id, resolution).then((outcome) => {
      if (outcome?.ok === true) onClose();
    });
  };
  return subject.kind === 'range' ? (
    <RangeReplacement {...frame} subject={subject} send={send} />
  ) : (
    <AnswerReplacement {...frame} subject={subject} send={send} />
  );
}

interface KindProps<K extends ReplacementSubject['kind']> {
  readonly id: string;
  readonly words: string;
  readonly resolving: CallInProgress<never, undefined>;
  readonly subject: Extract<ReplacementSubject, { kind: K }>;
  readonly send: (resolution: Resolution) => void;
  readonly onClose: () => void;
}

function RangeReplacement({ id, words, resolving, subject, send, onClose }: KindProps<'range'>) {
  // Values typed on top of an earlier version must not be shown on top of the current one.
  const [key] = useState(`operation ${id} ${subject.existing?.version ?? 0}`);
  const form = useRangeForm(key, subject.start, subject.fixed ? subject.existing : null);
  const readClock = useReadClock();
  return (
    <Frame
      words={words}
      pending={resolving.pending}
      onClose={() => {
        form.finish();
        onClose();
      }}
      onSubmit={() => {
        const request = form.submit(readClock());
        if (request !== null) send(rangeResolution(subject, request));
      }}
    >
      <RangeFields form={form} failure={resolving.failure} onChange={resolving.reset} />
    </Frame>
  );
}

function AnswerReplacement({ id, words, resolving, subject, send, onClose }: KindProps<'answer'>) {
  const { review, answered } = subject;
  const typed = useDraft(`operation ${id}`, { draft: subject.draft, deny: subject.deny });
  const { draft, deny } = typed.value;
  const changeDraft = (change: Partial<AnswerDraft>): void =>
    typed.change((before) => ({ ...before, draft: { ...before.draft, ...change } }));
  const failureText = useFailureText(resolving.failure);
  const reading = readScope(review, draft);
  const canSend = deny ? noteProblem(draft) === null : isComplete(reading, draft);
  const atRange = !deny && draft.scope === 'own' ? fieldMessage(failureText, 'scope.cidr') : null;
  return (
    <Frame
      words={words}
      pending={resolving.pending}
      onClose={() => {
        typed.finish();
        onClose();
      }}
      onSubmit={() => {
        if (canSend) send(answerResolution(review, draft, deny));
      }}
      incomplete={!canSend}
    >
      <SegmentedControl
        aria-label={t('operations.answer')}
        fullWidth
        data={[
          { value: 'authorize', label: t('operations.add_authorize', { what: review.ip }) },
          { value: 'deny', label: t('operations.deny') },
        ]}
        value={deny ? 'deny' : 'authorize'}
        onChange={(value) => typed.change((before) => ({ ...before, deny: value === 'deny' }))}
      />
      {answered && (
        <p className={classes.quiet}>
          {deny ? t('operations.answeredDeny', { ip: review.ip }) : t('operations.answeredAuthorize')}
        </p>
      )}
      {deny && !answered && (
        <Checkbox
          checked={draft.addDenyRange}
          onChange={(event) => changeDraft({ addDenyRange: event.currentTarget.checked })}
          label={t('operations.addDenyRange')}
        />
      )}
      {!deny && (
        <AnswerOptions
          review={review}
          draft={draft}
          reading={reading}
          disabled={resolving.pending}
          problem={atRange}
          onChange={(change) => {
            changeDraft(change);
            if (change.ownText !== undefined) resolving.reset();
          }}
        />
      )}
      <AnswerNote draft={draft} disabled={resolving.pending} onChange={changeDraft} />
      <FormError message={atRange === null ? (failureText?.message ?? null) : null} />
    </Frame>
  );
}

interface FrameProps {
  readonly words: string;
  readonly pending: boolean;
  readonly incomplete?: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function Frame({ words, pending, incomplete = false, onSubmit, onClose, children }: FrameProps) {
  return (
    <Form className={classes.form} label={t('operations.insteadOf', { change: words })} onSubmit={onSubmit}>
      {children}
      <DialogButtons>
        <Button variant="default" disabled={pending} onClick={onClose}>
          {t('words.cancel')}
        </Button>
        <Button type="submit" loading={pending} disabled={incomplete}>
          {t('operations.sendInstead')}
        </Button>
      </DialogButtons>
    </Form>
  );
}
