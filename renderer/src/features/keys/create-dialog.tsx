import { Button, Modal, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { explainFailure, fieldMessage, formMessage } from '../../domain/failures';
import { useDraft } from '../../stores/drafts';
import { useUi } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { FormError } from '../../ui/form-error';
import classes from './keys.module.css';
import { nameProblem } from './model';

function create(name: string) {
  return bridge().calls.keys.create({ name });
}

interface CreateDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function CreateDialog({ opened, onClose }: CreateDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create an API key">
      <CreateForm onDone={onClose} />
    </Modal>
  );
}

function CreateForm({ onDone }: { readonly onDone: () => void }) {
  const draft = useDraft('key', '');
  const { value: name } = draft;
  const [problem, setProblem] = useState<string | null>(null);
  const creating = useCall(create);
  const nowMs = useNow();
  const told = creating.failure === null ? null : explainFailure(creating.failure, nowMs);

  const done = (): void => {
    draft.finish();
    onDone();
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const found = nameProblem(name);
    setProblem(found);
    if (found !== null) return;
    void creating.run(name.trim()).then((outcome) => {
      if (outcome?.ok !== true) return;
      const { key, secret } = outcome.value;
      done();
      useUi.setState({ newSecret: { keyName: key.name, secret, why: 'created' } });
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <TextInput
        label="Name"
        description="Shown in the log and in reviews."
        placeholder="e.g. Billing worker"
        value={name}
        error={problem ?? fieldMessage(told, 'name')}
        onChange={(event) => {
          const { value } = event.currentTarget;
          draft.change(() => value);
        }}
        data-autofocus
      />
      <FormError message={formMessage(told, ['name'])} />
      <div className={classes.dialogButtons}>
        <Button variant="default" onClick={done}>
          Cancel
        </Button>
        <Button type="submit" loading={creating.pending}>
          Create key
        </Button>
      </div>
    </form>
  );
}
