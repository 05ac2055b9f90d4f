import type { User } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { useFailureText } from '../../forms/failure-message';
import { ConfirmModal } from '../../ui/confirm-modal';

interface RemoveUserDialogProps {
  readonly user: User;
  readonly isSelf: boolean;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** The audit trail then tells the list that it is another one. */
export function RemoveUserDialog({ user, isSelf, isOpen, onClose }: RemoveUserDialogProps) {
  const removing = useCall((userId: string) => bridge().calls.users.remove({ userId }));
  const failureText = useFailureText(removing.failure);
  const close = (): void => {
    removing.reset();
    onClose();
  };
  return (
    <ConfirmModal
      opened={isOpen}
      title={t('users.removeTitle', { email: user.email })}
      confirm={t('users.removeNow')}
      danger
      pending={removing.pending}
      error={failureText?.message ?? null}
      onClose={close}
      onConfirm={() => {
        void removing.run(user.id).then((outcome) => {
          if (outcome?.ok === true) close();
        });
      }}
    >
      <p>{t('users.removes')}</p>
      {isSelf && <p>{t('users.removesYou')}</p>}
    </ConfirmModal>
  );
}
