import { Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { User } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { fieldMessage, formMessage } from '../../domain/failures';
import { useFailureText } from '../../forms/failure-message';
import { useUi } from '../../stores/ui';
import { useReadClock } from '../../ui/clock';
import { Form, FormButtons } from '../../ui/form';
import { FormError } from '../../ui/form-error';
import { expiresAtOf, isTokenExpiry, TOKEN_EXPIRIES, type TokenExpiry, tokenNameProblem } from './model';

interface AddTokenDialogProps {
  readonly user: User;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function AddTokenDialog({ user, isOpen, onClose }: AddTokenDialogProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('users.createTitle', { email: user.email })}>
      <AddTokenForm userId={user.id} onDone={onClose} />
    </Modal>
  );
}

function AddTokenForm({ userId, onDone }: { readonly userId: string; readonly onDone: () => void }) {
  const readClock = useReadClock();
  const [name, setName] = useState('');
  const [expiry, setExpiry] = useState<TokenExpiry>('90');
  const [problem, setProblem] = useState<string | null>(null);
  const creating = useCall((name: string, expiresAt: string | null) =>
    bridge().calls.users.createToken({ userId, name, expiresAt }),
  );
  const failureText = useFailureText(creating.failure);

  const submit = (): void => {
    const found = tokenNameProblem(name);
    setProblem(found);
    if (found !== null) return;
    void creating.run(name.trim(), expiresAtOf(expiry, readClock())).then((outcome) => {
      if (outcome?.ok !== true) return;
      const { token, secret } = outcome.value;
      onDone();
      useUi.setState({ newSecret: { kind: 'token', name: token.name, secret } });
    });
  };
  return (
    <Form onSubmit={submit}>
      <TextInput
        label={t('users.tokenName')}
        description={t('users.tokenNameHelp')}
        placeholder={t('users.tokenNameExample')}
        value={name}
        error={problem ?? fieldMessage(failureText, 'name')}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <NativeSelect
        label={t('users.tokenExpiry')}
        value={expiry}
        error={fieldMessage(failureText, 'expiresAt')}
        data={TOKEN_EXPIRIES.map((value) => ({ value, label: t(`users.expiry_${value}`) }))}
        onChange={(event) => {
          const { value } = event.currentTarget;
          if (isTokenExpiry(value)) setExpiry(value);
        }}
      />
      <FormError message={formMessage(failureText, ['name', 'expiresAt'])} />
      <FormButtons submit={t('users.createNow')} pending={creating.pending} onCancel={onDone} />
    </Form>
  );
}
