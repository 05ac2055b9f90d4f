import { notifications } from '@mantine/notifications';
import type { Source } from '#shared/domain/source';
import { fillsList } from '#shared/domain/source-spec';
import { sourceName } from '#shared/domain/source-words';
import { t } from '#shared/i18n/t';
import { bridge } from '../../../bridge/bridge';
import { useCall } from '../../../bridge/use-call';
import { useFailureText } from '../../../forms/failure-message';
import { asksAboutImpact, ImpactModal } from '../../../forms/impact-modal';
import { ConfirmModal } from '../../../ui/confirm-modal';
import { useLastShown } from '../../../ui/use-last-shown';

interface RemoveSourceDialogProps {
  readonly target: Source | null;
  readonly onClose: () => void;
}

export function RemoveSourceDialog({ target, onClose }: RemoveSourceDialogProps) {
  const source = useLastShown(target);
  const removing = useCall((sourceId: string, confirmImpact?: true) =>
    bridge().calls.sources.remove({ sourceId, confirmImpact }),
  );
  const failureText = useFailureText(removing.failure);
  if (source === null) return null;
  const name = sourceName(source);
  const close = (): void => {
    removing.reset();
    onClose();
  };
  const remove = (confirmImpact?: true): void => {
    void removing.run(source.id, confirmImpact).then((outcome) => {
      if (outcome?.ok !== true) return;
      close();
      notifications.show({ message: t('sources.removed', { name }), color: 'gray' });
    });
  };
  const isAsked = asksAboutImpact(removing.failure);
  return (
    <>
      <ConfirmModal
        opened={target !== null && !isAsked}
        title={t('sources.removeTitle', { name })}
        confirm={t('sources.removeNow')}
        danger
        pending={removing.pending}
        error={isAsked ? null : (failureText?.message ?? null)}
        onClose={close}
        onConfirm={() => remove()}
      >
        <p>
          {fillsList(source.kind)
            ? t('sources.removes', { count: source.rangeCount })
            : t('sources.removesLookup')}
        </p>
      </ConfirmModal>
      <ImpactModal failure={removing.failure} onConfirm={() => remove(true)} onClose={close} />
    </>
  );
}
