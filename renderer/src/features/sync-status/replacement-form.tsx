import { Button, Checkbox, SegmentedControl } from '@mantine/core';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import type { Resolution } from '#shared/ipc/outbox';
import { bridge } from '../../bridge/bridge';
import { type CallInProgress, useCall } from '../../bridge/use-call';
import { isComplete, noteProblem, readScope } from '../../domain/answer';
import { explainFailure, fieldMessage } from '../../domain/failures';
import { AnswerNote } from '../../forms/answer-note';
import { AnswerOptions } from '../../forms/answer-options';
import { RangeFields } from '../../forms/range-fields';
import { rangeFormMessage, useRangeForm } from '../../forms/use-range-form';
import { useDraft } from '../../stores/drafts';
import type { AnswerDraft } from '../../stores/ui';
import { useNow, useReadClock } from '../../ui/clock';
import { FormError } from '../../ui/form-error';
import { answerResolution, type ReplacementSubject, rangeResolution } from './replacement-subject';
import classes from './operations.module.css';

interface ReplacementFormProps {
  readonly id: string;
  readonly words: string;
  readonly subject: ReplacementSubject;
  readonly onClose: () => void;
}

function resolve(id: string, resolution: Resolution) {
  return bridge().calls.outbox.resolve({ id, resolution });
}

/** Replaces a held operation by another one. The form stays open with its values until main has taken it. */
export function ReplacementForm({ id, words, subject, onClose }: ReplacementFormProps) {
  const resolving = useCall(resolve);
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
  const nowMs = useNow();
  const readClock = useReadClock();
  const told = resolving.failure === null ? null : explainFailure(resolving.failure, nowMs);
  return (
    <Frame
      words={words}
      pending={resolving.pending}
      problem={rangeFormMessage(told)}
      onClose={() => {
        form.finish();
        onClose();
      }}
      onSubmit={() => {
        const request = form.submit(readClock());
        if (request !== null) send(rangeResolution(subject, request));
      }}
    >
      <RangeFields form={form} told={told} onChange={resolving.reset} />
    </Frame>
  );
}

function AnswerReplacement({ id, words, resolving, subject, send, onClose }: KindProps<'answer'>) {
  const { review, answered } = subject;
  const typed = useDraft(`operation ${id}`, { draft: subject.draft, deny: subject.deny });
  const { draft, deny } = typed.value;
  const changeDraft = (change: Partial<AnswerDraft>): void =>
    typed.change((before) => ({ ...before, draft: { ...before.draft, ...change } }));
  const nowMs = useNow();
  const told = resolving.failure === null ? null : explainFailure(resolving.failure, nowMs);
  const reading = readScope(review, draft);
  const canSend = deny ? noteProblem(draft) === null : isComplete(reading, draft);
  const atRange = !deny && draft.scope === 'own' ? fieldMessage(told, 'scope.cidr') : null;
  return (
    <Frame
      words={words}
      pending={resolving.pending}
      problem={atRange === null ? (told?.message ?? null) : null}
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
        aria-label="Answer"
        fullWidth
        data={[
          { value: 'authorize', label: `Authorize ${review.ip}` },
          { value: 'deny', label: 'Deny' },
        ]}
        value={deny ? 'deny' : 'authorize'}
        onChange={(value) => typed.change((before) => ({ ...before, deny: value === 'deny' }))}
      />
      {answered && (
        <p className={classes.quiet}>
          {deny
            ? `It was answered already: what stays is a deny range for ${review.ip}.`
            : 'It was answered already: what you choose is added to the authorized IPs.'}
        </p>
      )}
      {deny && !answered && (
        <Checkbox
          checked={draft.addDenyRange}
          onChange={(event) => changeDraft({ addDenyRange: event.currentTarget.checked })}
          label="Also add a deny range so it stays out"
        />
      )}
      {!deny && (
        <AnswerOptions
          review={review}
          draft={draft}
          reading={reading}
          layout="stacked"
          disabled={resolving.pending}
          problem={atRange}
          onChange={(change) => {
            changeDraft(change);
            if (change.ownText !== undefined) resolving.reset();
          }}
        />
      )}
      <AnswerNote ip={review.ip} draft={draft} disabled={resolving.pending} onChange={changeDraft} />
    </Frame>
  );
}

interface FrameProps {
  readonly words: string;
  readonly pending: boolean;
  readonly problem: string | null;
  readonly incomplete?: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function Frame({ words, pending, problem, incomplete = false, onSubmit, onClose, children }: FrameProps) {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form
      className={classes.form}
      aria-label={`Another change instead of: ${words}`}
      noValidate
      onSubmit={submit}
    >
      {children}
      <FormError message={problem} />
      <div className={classes.formButtons}>
        <Button variant="default" disabled={pending} onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={pending} disabled={incomplete}>
          Send this instead
        </Button>
      </div>
    </form>
  );
}
