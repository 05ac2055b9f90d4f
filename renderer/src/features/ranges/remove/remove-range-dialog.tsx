import { notifications } from '@mantine/notifications';
import type { Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../../bridge/bridge';
import { useCall } from '../../../bridge/use-call';
import { rangeName } from '../../../domain/range-words';
import { useFailureText } from '../../../forms/failure-message';
import { useMirror } from '../../../stores/mirror';
import { draftRange } from '../../../stores/ui';
import { useNow } from '../../../ui/clock';
import { ConfirmModal } from '../../../ui/confirm-modal';
import { SmallButton } from '../../../ui/small-button';
import { useLastShown } from '../../../ui/use-last-shown';
import { doneWords } from '../done-words';
import { mayComeBack, removalSentences } from './removal';
import classes from '../ranges.module.css';

interface RemoveRangeDialogProps {
  readonly target: Range | null;
  readonly onClose: () => void;
}

export function RemoveRangeDialog({ target, onClose }: RemoveRangeDialogProps) {
  const opened = useLastShown(target);
  // The current version, because the count of uses may have grown since the dialog was opened.
  const range = useMirror((mirror) => (opened === null ? null : (mirror.ranges.get(opened.id) ?? opened)));
  const mode = useMirror((mirror) => mirror.account?.mode ?? 'manual');
  const removing = useCall((rangeId: string, version: number) =>
    bridge().calls.ranges.remove({ rangeId, version }),
  );
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const nowMs = useNow();
  const failureText = useFailureText(removing.failure);
  if (range === null) return null;

  const close = (): void => {
    removing.reset();
    onClose();
  };
  return (
    <ConfirmModal
      opened={target !== null}
      title={t('ranges.removeTitle', { range: rangeName(range) })}
      confirm={t('ranges.removeNow')}
      danger
      pending={removing.pending}
      error={failureText?.message ?? null}
      onClose={close}
      onConfirm={() => {
        void removing.run(range.id, range.version).then((outcome) => {
          if (outcome?.ok !== true) return;
          close();
          notifications.show({
            message: doneWords('removed', range, isOnline),
            color: 'gray',
          });
        });
      }}
    >
      {removalSentences(range, mode, nowMs).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {mayComeBack(range, mode) && (
        <div className={classes.notice}>
          <p>{t(`ranges.mayComeBack_${mode === 'automatic' ? mode : 'learning'}`)}</p>
          <SmallButton
            onClick={() => {
              close();
              draftRange({ text: range.cidr, effect: 'deny', label: range.label, keyId: range.keyId });
            }}
          >
            {t('ranges.denyInstead')}
          </SmallButton>
        </div>
      )}
    </ConfirmModal>
  );
}
