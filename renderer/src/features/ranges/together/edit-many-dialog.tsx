import { Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import type { ChangeForMany } from '#shared/ipc/policy';
import { expiresAtOf, expiryAt, expiryProblem } from '../../../domain/expiry';
import { hiddenTextMessage } from '../../../domain/hidden-text';
import { listed, rangeName } from '../../../domain/range-words';
import { ExpirySelect, ExpiryTime } from '../../../forms/expiry-fields';
import { useFailureText } from '../../../forms/failure-message';
import { useRangeBatch } from '../../../stores/batch';
import { useNow, useReadClock } from '../../../ui/clock';
import { Form, FormButtons } from '../../../ui/form';
import { FormError } from '../../../ui/form-error';
import { useLastShown } from '../../../ui/use-last-shown';
import { changeTogether } from './change-together';

const MOST_NAMED = 4;

export interface EditedMany {
  readonly what: 'label' | 'expiry';
  readonly ranges: readonly Range[];
}

interface EditManyDialogProps {
  readonly edited: EditedMany | null;
  readonly onClose: () => void;
}

/** Gives several ranges one label or one end. */
export function EditManyDialog({ edited, onClose }: EditManyDialogProps) {
  const shown = useLastShown(edited);
  const count = shown?.ranges.length ?? 0;
  return (
    <Modal
      opened={edited !== null}
      onClose={onClose}
      title={t(shown?.what === 'expiry' ? 'ranges.expireTitle' : 'ranges.relabelTitle', { count })}
      size={460}
    >
      {shown !== null && <EditManyForm edited={shown} onDone={onClose} />}
    </Modal>
  );
}

function EditManyForm({ edited, onDone }: { readonly edited: EditedMany; readonly onDone: () => void }) {
  const { what, ranges } = edited;
  const [label, setLabel] = useState('');
  const [expiry, setExpiry] = useState(expiryAt(null));
  const [submitted, setSubmitted] = useState(false);
  const isSending = useRangeBatch(({ step }) => step !== null);
  const failureText = useFailureText(useRangeBatch(({ failure }) => failure));
  const nowMs = useNow();
  const readClock = useReadClock();
  const labelProblem = label === '' ? null : hiddenTextMessage('label', label.trim());
  const endProblem = submitted ? expiryProblem(expiry, nowMs) : null;
  const submit = (): void => {
    setSubmitted(true);
    const problem = what === 'label' ? labelProblem : expiryProblem(expiry, readClock());
    if (problem !== null) return;
    const changes =
      what === 'label' ? { label: label.trim() } : { expiresAt: expiresAtOf(expiry, readClock()) };
    const change: ChangeForMany = { kind: 'update', changes };
    void changeTogether(ranges, change).then((isDone) => isDone && onDone());
  };
  return (
    <Form onSubmit={submit}>
      <p>{listed(ranges.map(rangeName), MOST_NAMED, ', ')}</p>
      {what === 'label' ? (
        <TextInput
          label={t('forms.label')}
          placeholder={t('forms.labelExample')}
          value={label}
          maxLength={200}
          error={labelProblem}
          data-autofocus
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
      ) : (
        <>
          <ExpirySelect expiry={expiry} problem={endProblem} nowMs={nowMs} onChange={setExpiry} />
          <ExpiryTime expiry={expiry} problem={endProblem} onChange={setExpiry} />
        </>
      )}
      <FormError message={failureText?.message ?? null} />
      <FormButtons
        submit={t('ranges.changeNow', { count: ranges.length })}
        pending={isSending}
        onCancel={onDone}
      />
    </Form>
  );
}
