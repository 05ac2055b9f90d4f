import { ActionIcon, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBell, IconBellOff, IconDots, IconListDetails } from '@tabler/icons-react';
import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { explainFailure } from '../../domain/failures';
import { isMuted, useNotifications } from '../../stores/notifications';

interface ReviewMenuProps {
  readonly review: Review;
  /** Shows the calls of the review in the log; missing where there is no log. */
  readonly onShowCalls?: () => void;
}

export function ReviewMenu({ review, onShowCalls }: ReviewMenuProps) {
  const { keyId, ip } = review;
  const known = useNotifications(({ value }) => value !== null);
  const muted = useNotifications(({ value }) => isMuted(value, keyId));
  const mute = async (): Promise<void> => {
    const outcome = await settle(() => bridge().calls.notifications.muteKey({ keyId, muted: !muted }));
    // The menu is closed by now, so the failure is shown as a notification.
    if (!outcome.ok) {
      notifications.show({ message: explainFailure(outcome.failure, Date.now()).message, color: 'red' });
    }
  };
  const MuteIcon = muted ? IconBell : IconBellOff;
  return (
    <Menu position="bottom-end" shadow="md" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <ActionIcon aria-label={t('review.moreAbout', { ip })}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {onShowCalls !== undefined && (
          <Menu.Item leftSection={<IconListDetails size={15} aria-hidden />} onClick={onShowCalls}>
            {t('review.showCalls')}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<MuteIcon size={15} aria-hidden />}
          disabled={!known}
          onClick={() => void mute()}
        >
          {t(muted ? 'review.announceKey' : 'review.muteKey')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
