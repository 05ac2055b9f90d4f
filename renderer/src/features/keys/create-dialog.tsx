import { Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { fieldMessage, formMessage } from '../../domain/failures';
import { useFailureText } from '../../forms/failure-message';
import { useDraft } from '../../stores/drafts';
import { useUi } from '../../stores/ui';
import { Form, FormButtons } from '../../ui/form';
import { FormError } from '../../ui/form-error';
import { nameProblem } from './model';

export function CreateDialog() {
  const isOpen = useUi((ui) => ui.isCreatingKey);
  const close = (): void => useUi.setState({ isCreatingKey: false });
  return (
    <Modal opened={isOpen} onClose={close} title={t('keys.createTitle')}>
      <CreateForm onDone={close} />
    </Modal>
  );
}

function CreateForm({ onDone }: { readonly onDone: () => void }) {
  const draft = useDraft('key', '');
  const { value: name } = draft;
  const [problem, setProblem] = useState<string | null>(null);
  const creating = useCall((name: string) => bridge().calls.keys.create({ name }));
  const failureText = useFailureText(creating.failure);

  const done = (): void => {
    draft.finish();
    onDone();
  };
  const submit = (): void => {
    const found = nameProblem(name);
    setProblem(found);
    if (found !== null) return;
    void creating.run(name.trim()).then((outcome) => {
      if (outcome?.ok !== true) return;
      const { key, secret } = outcome.value;
      done();
      useUi.setState({ newSecret: { kind: 'newKey', name: key.name, secret } });
    });
  };
  return (
    <Form onSubmit={submit}>
      <TextInput
        label={t('keys.name')}
        description={t('keys.nameHelp')}
        placeholder={t('keys.nameExample')}
        value={name}
        error={problem ?? fieldMessage(failureText, 'name')}
        onChange={(event) => {
          const { value } = event.currentTarget;
          draft.change(() => value);
        }}
        data-autofocus
      />
      <FormError message={formMessage(failureText, ['name'])} />
      <FormButtons submit={t('keys.create')} pending={creating.pending} onCancel={done} />
    </Form>
  );
}
