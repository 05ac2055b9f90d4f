import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Key } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { useFailureText } from '../../forms/failure-message';
import { useNow } from '../../ui/clock';
import { ConfirmModal } from '../../ui/confirm-modal';
import { formatAgo } from '../../ui/format';
import { useLastShown } from '../../ui/use-last-shown';
import classes from './keys.module.css';

interface RevokeDialogProps {
  readonly target: Key | null;
  readonly onClose: () => void;
}

/** Asks for the key's name, because revoking is final. */
export function RevokeDialog({ target, onClose }: RevokeDialogProps) {
  const key = useLastShown(target);
  const nowMs = useNow();
  const [typed, setTyped] = useState('');
  const revoking = useCall((keyId: string) => bridge().calls.keys.revoke({ keyId, confirmImpact: true }));
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
      title={t('keys.revokeTitle', { name: key.name })}
      confirm={t('keys.revokeNow')}
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
        {t('keys.revokeBlocks')} {t('keys.revokeIsFinal')}
      </p>
      <p className={classes.dialogText}>
        {key.lastUsedAt === null
          ? t('keys.neverUsed')
          : t('keys.wasUsed', { moment: formatAgo(key.lastUsedAt, nowMs) })}
      </p>
      <TextInput
        label={t('keys.typeName', { name: key.name })}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
      />
    </ConfirmModal>
  );
}
