import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Key } from '#shared/domain/entities';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { useFailureText } from '../../forms/failure-message';
import { ConfirmModal } from '../../ui/confirm-modal';
import { RelativeTime } from '../../ui/relative-time';
import { useLastShown } from '../../ui/use-last-shown';

interface RevokeDialogProps {
  readonly target: Key | null;
  readonly onClose: () => void;
}

/** Asks for the key's name, because revoking is final. */
export function RevokeDialog({ target, onClose }: RevokeDialogProps) {
  const key = useLastShown(target);
  const [typed, setTyped] = useState('');
  const revoking = useCall((keyId: string) => bridge().calls.keys.revoke({ keyId }));
  const failureText = useFailureText(revoking.failure);
  const close = (): void => {
    setTyped('');
    revoking.reset();
    onClose();
  };
  if (key === null) return null;
  return (
    <ConfirmModal
      opened={target !== null}
      title={`Revoke “${key.name}” for good?`}
      confirm="Revoke this key"
      danger
      ready={typed.trim() === key.name}
      pending={revoking.pending}
      error={failureText?.message ?? null}
      onClose={close}
      onConfirm={() => {
        void revoking.run(key.id).then((outcome) => {
          if (outcome?.ok === true) close();
        });
      }}
    >
      <p>
        Every call with this key is blocked at once, from every address.{' '}
        {key.lastUsedAt === null ? (
          'It was never used.'
        ) : (
          <>
            It was last used <RelativeTime at={key.lastUsedAt} />.
          </>
        )}{' '}
        A revoked key cannot come back.
      </p>
      <TextInput
        label={`Type ${key.name} to go on`}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
      />
    </ConfirmModal>
  );
}
