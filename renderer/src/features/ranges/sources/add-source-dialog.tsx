import { Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { sourceName } from '#shared/domain/source-words';
import type { CallResponse } from '#shared/ipc/derive';
import { locale } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import { bridge } from '../../../bridge/bridge';
import { type CallInProgress, useCall } from '../../../bridge/use-call';
import { asksAboutImpact, ImpactModal } from '../../../forms/impact-modal';
import { useDraft } from '../../../stores/drafts';
import { useUi } from '../../../stores/ui';
import { useReadClock } from '../../../ui/clock';
import { Form, FormButtons } from '../../../ui/form';
import { SourceFields } from './source-fields';
import { type AddSource, emptyValues, missingField, requestOf } from './source-values';

export function AddSourceDialog() {
  const isOpen = useUi((ui) => ui.isAddingSource);
  const adding = useCall((request: AddSource) => bridge().calls.sources.add(request));
  const close = (): void => {
    adding.reset();
    useUi.setState({ isAddingSource: false });
  };
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t('sources.addTitle')}
      size={560}
      // Escape answers the question alone.
      closeOnEscape={!asksAboutImpact(adding.failure)}
    >
      <AddSourceForm adding={adding} onDone={close} />
    </Modal>
  );
}

interface AddSourceFormProps {
  readonly adding: CallInProgress<[request: AddSource], CallResponse<'sources', 'add'>>;
  readonly onDone: () => void;
}

function AddSourceForm({ adding, onDone }: AddSourceFormProps) {
  const effect = useUi((ui) => ui.rangesTab);
  const draft = useDraft('source', emptyValues(effect, new Intl.Locale(locale()).region ?? 'DE'));
  const [submitted, setSubmitted] = useState(false);
  const readClock = useReadClock();
  const done = (): void => {
    draft.finish();
    onDone();
  };
  const submit = (confirmImpact?: true): void => {
    setSubmitted(true);
    if (missingField(draft.value) !== undefined) return;
    void adding.run({ ...requestOf(draft.value, readClock()), confirmImpact }).then((outcome) => {
      if (outcome?.ok !== true) return;
      notifications.show({ message: t('sources.addedNow', { name: sourceName(outcome.value.source) }) });
      done();
    });
  };
  return (
    <Form onSubmit={() => submit()}>
      <SourceFields
        values={draft.value}
        submitted={submitted}
        failure={asksAboutImpact(adding.failure) ? null : adding.failure}
        onChange={(changed) => {
          draft.change((before) => ({ ...before, ...changed }));
          adding.reset();
        }}
      />
      <FormButtons submit={t('sources.addNow')} pending={adding.pending} onCancel={done} />
      <ImpactModal failure={adding.failure} onConfirm={() => submit(true)} onClose={adding.reset} />
    </Form>
  );
}
