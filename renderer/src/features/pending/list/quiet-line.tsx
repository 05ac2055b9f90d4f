import { Button } from '@mantine/core';
import { IconBellOff } from '@tabler/icons-react';
import { t } from '#shared/i18n/t';
import { bridge } from '../../../bridge/bridge';
import { useCall } from '../../../bridge/use-call';
import { explainFailure } from '../../../domain/failures';
import { quietWords } from '../../../domain/quiet-words';
import { useNotifications } from '../../../stores/notifications';
import { useNow } from '../../../ui/clock';
import classes from '../pending.module.css';

function resume(reason: 'off' | 'snoozed') {
  return reason === 'off'
    ? bridge().calls.notifications.change({ enabled: true })
    : bridge().calls.notifications.wake();
}

/** Says that nothing is announced at the moment. It is part of the header, because a line of its own would move the list. */
export function QuietLine() {
  const quiet = useNotifications(({ value }) => value?.quiet ?? null);
  const resuming = useCall(resume);
  const nowMs = useNow();
  if (quiet === null) return null;
  const { reason } = quiet;
  return (
    <span className={classes.quietLine} role="status">
      <IconBellOff size={14} aria-hidden />
      {resuming.failure === null ? quietWords(quiet, nowMs) : explainFailure(resuming.failure, nowMs).message}
      {(reason === 'off' || reason === 'snoozed') && (
        <Button
          size="compact-xs"
          variant="subtle"
          loading={resuming.pending}
          onClick={() => void resuming.run(reason)}
        >
          {t(reason === 'off' ? 'pending.turnOn' : 'pending.resume')}
        </Button>
      )}
    </span>
  );
}
