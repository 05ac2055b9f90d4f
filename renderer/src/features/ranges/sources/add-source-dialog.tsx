import { Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { sourceName } from '#shared/domain/source-words';
import { locale } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import { bridge } from '../../../bridge/bridge';
import { useCall } from '../../../bridge/use-call';
import { useDraft } from '../../../stores/drafts';
import { useUi } from '../../../stores/ui';
import { useReadClock } from '../../../ui/clock';
import { Form, FormButtons } from '../../../ui/form';
import { SourceFields } from './source-fields';
import { type AddSource, emptyValues, missingField, requestOf } from './source-values';

export function AddSourceDialog() {
  const isOpen = useUi((ui) => ui.isAddingSource);
  const close = (): void => useUi.setState({ isAddingSource: false });
  return (
    <Modal opened={isOpen} onClose={close} title={t('sources.addTitle')} size={560}>
      <AddSourceForm onDone={close} />
    </Modal>
  );
}

function AddSourceForm({ onDone }: { readonly onDone: () => void }) {
  const effect = useUi((ui) => ui.rangesTab);
  const draft = useDraft('source', emptyValues(effect, new Intl.Locale(locale()).region ?? 'DE'));
  const [submitted, setSubmitted] = useState(false);
  const adding = useCall((request: AddSource) => bridge().calls.sources.add(request));
  const readClock = useReadClock();
  const done = (): void => {
    draft.finish();
    onDone();
  };
  const submit = (): void => {
    setSubmitted(true);
    if (missingField(draft.value) !== undefined) return;
    void adding.run(requestOf(draft.value, readClock())).then((outcome) => {
      if (outcome?.ok !== true) return;
      notifications.show({ message: t('sources.addedNow', { name: sourceName(outcome.value.source) }) });
      done();
    });
  };
  return (
    <Form onSubmit={submit}>
      <SourceFields
        values={draft.value}
        submitted={submitted}
        failure={adding.failure}
        onChange={(changed) => {
          draft.change((before) => ({ ...before, ...changed }));
          adding.reset();
        }}
      />
      <FormButtons submit={t('sources.addNow')} pending={adding.pending} onCancel={done} />
    </Form>
  );
}
