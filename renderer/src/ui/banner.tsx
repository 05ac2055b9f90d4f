import { CloseButton } from '@mantine/core';
import { IconAlertTriangle, IconExclamationCircle, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { t } from '#shared/i18n/t';
import classes from './banner.module.css';

interface BannerProps {
  readonly tone: 'info' | 'warning' | 'error';
  readonly title: string;
  readonly message: string;
  readonly action?: ReactNode;
  readonly onDismiss?: (() => void) | null;
}

const ICONS = { info: IconInfoCircle, warning: IconAlertTriangle, error: IconExclamationCircle } as const;

export function Banner({ tone, title, message, action, onDismiss }: BannerProps) {
  const Icon = ICONS[tone];
  return (
    <div className={classes.banner} data-tone={tone} role={tone === 'info' ? 'status' : 'alert'}>
      <Icon size={16} aria-hidden />
      <p className={classes.text}>
        {title !== '' && <strong>{title}</strong>} {message}
      </p>
      {action}
      {onDismiss !== undefined && onDismiss !== null && (
        <CloseButton
          size="sm"
          aria-label={t(title === '' ? 'frame.hideLine' : 'frame.dismiss')}
          onClick={onDismiss}
        />
      )}
    </div>
  );
}
