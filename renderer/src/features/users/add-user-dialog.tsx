import { Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { fieldMessage, formMessage } from '../../domain/failures';
import { useFailureText } from '../../forms/failure-message';
import { useDraft } from '../../stores/drafts';
import { showScreen, useUi } from '../../stores/ui';
import { Form, FormButtons } from '../../ui/form';
import { FormError } from '../../ui/form-error';
import { emailProblem, type Rights } from './model';
import { RightsFields } from './rights-fields';

/** Adds a user, over any screen. */
export function AddUserDialog() {
  const isOpen = useUi((ui) => ui.isAddingUser);
  const close = (): void => useUi.setState({ isAddingUser: false });
  return (
    <Modal opened={isOpen} onClose={close} title={t('users.addTitle')}>
      <AddUserForm onDone={close} />
    </Modal>
  );
}

interface NewUser extends Rights {
  readonly email: string;
}

const NOBODY: NewUser = { email: '', role: 'user', permissions: ['authorized_ips'] };

function AddUserForm({ onDone }: { readonly onDone: () => void }) {
  const draft = useDraft<NewUser>('user', NOBODY);
  const { value: user } = draft;
  const [problem, setProblem] = useState<string | null>(null);
  const adding = useCall(({ email, role, permissions }: NewUser) =>
    bridge().calls.users.create({ email: email.trim(), role, permissions: [...permissions] }),
  );
  const failureText = useFailureText(adding.failure);

  const done = (): void => {
    draft.finish();
    onDone();
  };
  const submit = (): void => {
    const found = emailProblem(user.email);
    setProblem(found);
    if (found !== null) return;
    void adding.run(user).then((outcome) => {
      if (outcome?.ok !== true) return;
      done();
      useUi.setState({ selectedUserId: outcome.value.id });
      showScreen('users');
    });
  };
  return (
    <Form onSubmit={submit}>
      <TextInput
        label={t('users.email')}
        description={t('users.emailHelp')}
        value={user.email}
        error={problem ?? fieldMessage(failureText, 'email')}
        spellCheck={false}
        onChange={(event) => {
          const { value } = event.currentTarget;
          draft.change((before) => ({ ...before, email: value }));
        }}
        data-autofocus
      />
      <RightsFields
        rights={user}
        onChange={(rights) => draft.change((before) => ({ ...before, ...rights }))}
      />
      <FormError message={formMessage(failureText, ['email'])} />
      <FormButtons submit={t('users.addNow')} pending={adding.pending} onCancel={done} />
    </Form>
  );
}
