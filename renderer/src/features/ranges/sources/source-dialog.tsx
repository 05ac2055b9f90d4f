import { Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { Source } from '#shared/domain/source';
import { sourceName } from '#shared/domain/source-words';
import { locale } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import type { CallResponse } from '#shared/ipc/derive';
import { bridge } from '../../../bridge/bridge';
import { type CallInProgress, useCall } from '../../../bridge/use-call';
import { asksAboutImpact, ImpactModal } from '../../../forms/impact-modal';
import { useDraft } from '../../../stores/drafts';
import { useUi } from '../../../stores/ui';
import { useReadClock } from '../../../ui/clock';
import { Form, FormButtons } from '../../../ui/form';
import { useLastShown } from '../../../ui/use-last-shown';
import { SourceFields } from './source-fields';
import {
  type AddSource,
  changesOf,
  emptyValues,
  missingField,
  requestOf,
  type SourceChanges,
  valuesOf,
} from './source-values';

/** A new source, or the changes of an existing one. */
type Request =
  | { readonly edited: null; readonly body: AddSource }
  | { readonly edited: Source; readonly body: SourceChanges };

/** The form for a new source, or for an existing one, whose kind stays. */
export function SourceDialog() {
  const target = useUi((ui) => ui.sourceForm);
  const shown = useLastShown(target);
  const saving = useCall(({ edited, body }: Request) =>
    edited === null
      ? bridge().calls.sources.add(body)
      : bridge().calls.sources.update({ sourceId: edited.id, version: edited.version, changes: body }),
  );
  const close = (): void => {
    saving.reset();
    useUi.setState({ sourceForm: null });
  };
  return (
    <Modal
      opened={target !== null}
      onClose={close}
      title={t(shown === 'new' ? 'sources.addTitle' : 'sources.editTitle')}
      size={560}
      // Escape answers the question alone.
      closeOnEscape={!asksAboutImpact(saving.failure)}
    >
      {shown !== null && (
        <SourceForm
          key={shown === 'new' ? shown : `${shown.id} ${shown.version}`}
          edited={shown === 'new' ? null : shown}
          saving={saving}
          onDone={close}
        />
      )}
    </Modal>
  );
}

interface SourceFormProps {
  /** The source as it was when the form opened; null for a new one. */
  readonly edited: Source | null;
  readonly saving: CallInProgress<[request: Request], CallResponse<'sources', 'add'>>;
  readonly onDone: () => void;
}

function SourceForm({ edited, saving, onDone }: SourceFormProps) {
  const effect = useUi((ui) => ui.rangesTab);
  const start = (edited && valuesOf(edited)) ?? emptyValues(effect, new Intl.Locale(locale()).region ?? 'DE');
  const draft = useDraft(edited === null ? 'source' : `source ${edited.id} ${edited.version}`, start);
  const [submitted, setSubmitted] = useState(false);
  const readClock = useReadClock();
  const changes = edited && changesOf(edited, draft.value, readClock());
  const done = (): void => {
    draft.finish();
    onDone();
  };
  const submit = (confirmImpact?: true): void => {
    setSubmitted(true);
    if (missingField(draft.value) !== undefined) return;
    const request: Request =
      edited === null
        ? { edited, body: { ...requestOf(draft.value, readClock()), confirmImpact } }
        : { edited, body: { ...changesOf(edited, draft.value, readClock()), confirmImpact } };
    void saving.run(request).then((outcome) => {
      if (outcome?.ok !== true) return;
      const name = sourceName(outcome.value.source);
      notifications.show({ message: t(edited === null ? 'sources.addedNow' : 'sources.saved', { name }) });
      done();
    });
  };
  return (
    <Form onSubmit={() => submit()}>
      <SourceFields
        values={draft.value}
        isNew={edited === null}
        submitted={submitted}
        failure={asksAboutImpact(saving.failure) ? null : saving.failure}
        onChange={(changed) => {
          draft.change((before) => ({ ...before, ...changed }));
          saving.reset();
        }}
      />
      <FormButtons
        submit={t(edited === null ? 'sources.addNow' : 'sources.save')}
        pending={saving.pending}
        disabled={changes !== null && Object.keys(changes).length === 0}
        onCancel={done}
      />
      <ImpactModal failure={saving.failure} onConfirm={() => submit(true)} onClose={saving.reset} />
    </Form>
  );
}
