import { Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { Effect } from '#shared/domain/entities';
import type { Source } from '#shared/domain/source';
import { sourceName } from '#shared/domain/source-words';
import { locale } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import type { CallResponse } from '#shared/ipc/derive';
import { bridge } from '../../../bridge/bridge';
import { type CallInProgress, useCall } from '../../../bridge/use-call';
import { asksAboutImpact, ImpactModal } from '../../../forms/impact-modal';
import { useDraft } from '../../../stores/drafts';
import { type SourceDraft, useUi } from '../../../stores/ui';
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
  type SourceValues,
  valuesOf,
} from './source-values';

/** A new source, or the changes of an existing one. */
type Request =
  | { readonly edited: null; readonly body: AddSource }
  | { readonly edited: Source; readonly body: SourceChanges };

/** A new source, what is proposed for one, or a source as it was when the form opened. */
type Target = 'new' | SourceDraft | Source;

function sourceIn(target: Target | null): Source | null {
  return target !== null && target !== 'new' && 'id' in target ? target : null;
}

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
      title={t(sourceIn(shown) === null ? 'sources.addTitle' : 'sources.editTitle')}
      size={560}
      // Escape answers the question alone.
      closeOnEscape={!asksAboutImpact(saving.failure)}
    >
      {shown !== null && <SourceForm key={nameOf(shown)} target={shown} saving={saving} onDone={close} />}
    </Modal>
  );
}

interface SourceFormProps {
  readonly target: Target;
  readonly saving: CallInProgress<[request: Request], CallResponse<'sources', 'add'>>;
  readonly onDone: () => void;
}

/** Names what is in the form, so that each keeps its own draft. */
function nameOf(target: Target): string {
  if (target === 'new') return 'source';
  return `source ${'id' in target ? `${target.id} ${target.version}` : `${target.preset} ${target.keyId}`}`;
}

function startOf(target: Target, effect: Effect): SourceValues {
  const empty = emptyValues(effect, new Intl.Locale(locale()).region ?? 'DE');
  if (target === 'new') return empty;
  return 'id' in target ? (valuesOf(target) ?? empty) : { ...empty, ...target, effect: 'authorize' };
}

function SourceForm({ target, saving, onDone }: SourceFormProps) {
  const effect = useUi((ui) => ui.rangesTab);
  const edited = sourceIn(target);
  const draft = useDraft(nameOf(target), startOf(target, effect));
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
