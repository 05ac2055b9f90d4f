import { ActionIcon } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { t } from '#shared/i18n/t';
import { isMac } from '../../bridge/page';
import { step } from '../../bridge/page-history';
import { usePlaces } from '../../stores/places';

/** Undoes the last change of the filter, or leads back to the screen before. */
export function BackButton() {
  const canGoBack = usePlaces((places) => places.canGoBack);
  return (
    <ActionIcon
      variant="default"
      size={30}
      aria-label={t('frame.back')}
      aria-keyshortcuts={isMac() ? 'Meta+[' : 'Alt+ArrowLeft'}
      title={t(isMac() ? 'frame.backWithKey_mac' : 'frame.backWithKey')}
      disabled={!canGoBack}
      onClick={() => step(-1)}
    >
      <IconArrowLeft size={16} aria-hidden />
    </ActionIcon>
  );
}
