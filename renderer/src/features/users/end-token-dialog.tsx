import type { Token } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { useFailureText } from '../../forms/failure-message';
import { ConfirmModal } from '../../ui/confirm-modal';
import { useLastShown } from '../../ui/use-last-shown';

interface EndTokenDialogProps {
  readonly target: Token | null;
  /** True if it is one's own, and so perhaps that of this console. */
  readonly isOwn: boolean;
  readonly onClose: () => void;
}

export function EndTokenDialog({ target, isOwn, onClose }: EndTokenDialogProps) {
  const token = useLastShown(target);
  const ending = useCall((tokenId: string) => bridge().calls.users.removeToken({ tokenId }));
  const failureText = useFailureText(ending.failure);
  const close = (): void => {
    ending.reset();
    onClose();
  };
  if (token === null) return null;
  return (
    <ConfirmModal
      opened={target !== null}
      title={t('users.endTitle', { name: token.name })}
      confirm={t('users.endNow')}
      danger
      pending={ending.pending}
      error={failureText?.message ?? null}
      onClose={close}
      onConfirm={() => {
        void ending.run(token.id).then((outcome) => {
          if (outcome?.ok === true) close();
        });
      }}
    >
      <p>{t('users.ends')}</p>
      {isOwn && <p>{t('users.endsYours')}</p>}
    </ConfirmModal>
  );
}
