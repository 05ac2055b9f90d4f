import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Range } from '#shared/domain/entities';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { explainFailure } from '../../domain/failures';
import { useMirror } from '../../stores/mirror';
import { draftRange } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { ConfirmModal } from '../../ui/confirm-modal';
import { useLastShown } from '../../ui/use-last-shown';
import { mayComeBack, removalSentences } from './model';
import classes from './ranges.module.css';

function remove(rangeId: string, version: number) {
  return bridge().calls.ranges.remove({ rangeId, version });
}

interface RemoveRangeDialogProps {
  readonly target: Range | null;
  readonly onClose: () => void;
}

export function RemoveRangeDialog({ target, onClose }: RemoveRangeDialogProps) {
  const opened = useLastShown(target);
  // The current version, because the count of uses may have grown since the dialog was opened.
  const range = useMirror((mirror) => (opened === null ? null : (mirror.ranges.get(opened.id) ?? opened)));
  const mode = useMirror((mirror) => mirror.account?.mode ?? 'manual');
  const removing = useCall(remove);
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const nowMs = useNow();
  if (range === null) return null;

  const close = (): void => {
    removing.reset();
    onClose();
  };
  const name = range.label === '' ? range.cidr : `${range.cidr} (${range.label})`;
  return (
    <ConfirmModal
      opened={target !== null}
      title={`Remove ${name}?`}
      confirm="Remove range"
      danger
      pending={removing.pending}
      error={removing.failure === null ? null : explainFailure(removing.failure, nowMs).message}
      onClose={close}
      onConfirm={() => {
        void removing.run(range.id, range.version).then((outcome) => {
          if (outcome?.ok !== true) return;
          close();
          const message = isOnline
            ? `${range.cidr} was removed.`
            : `${range.cidr} is removed as soon as the service answers.`;
          notifications.show({ message, color: 'gray' });
        });
      }}
    >
      {removalSentences(range, mode, nowMs).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {mayComeBack(range, mode) && (
        <div className={classes.comeBack}>
          <p>
            {mode === 'automatic'
              ? 'In automatic mode it may be authorized again when it is used again and deemed trustworthy. To keep it out, deny it instead.'
              : 'While the account is learning it is authorized again as soon as it is used. To keep it out, deny it instead.'}
          </p>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              close();
              draftRange({ text: range.cidr, effect: 'deny', label: range.label, keyId: range.keyId });
            }}
          >
            Add a deny range…
          </Button>
        </div>
      )}
    </ConfirmModal>
  );
}
