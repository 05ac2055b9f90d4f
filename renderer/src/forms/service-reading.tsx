import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Outcome } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import { type Reading, useReading } from '../bridge/use-reading';
import { connectionWords } from '../domain/connection-words';
import { useMirror } from '../stores/mirror';
import { useNow } from '../ui/clock';
import { EmptyState } from '../ui/empty-state';
import { SkeletonLines } from '../ui/skeleton-lines';
import { FailureMessage } from './failure-message';

/** Reads what this computer has no copy of, while the service answers, and again when `about` changes. */
export function useServiceReading<T>(read: () => Promise<Outcome<T>>, about?: unknown): Reading<T> {
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  return useReading(read, isOnline, about);
}

interface UnreadProps {
  readonly reading: Reading<unknown>;
  readonly icon: ReactNode;
  readonly loadingLabel: string;
  readonly failedTitle: string;
}

/** Stands where a reading has no value yet, and says why. */
export function Unread({ reading: { failure, readAgain }, icon, loadingLabel, failedTitle }: UnreadProps) {
  const connection = useMirror((mirror) => mirror.connection);
  const nowMs = useNow();
  if (connection.kind !== 'online') {
    return (
      <EmptyState icon={<IconPlugConnectedX size={26} stroke={1.6} />} title={t('forms.needsService')}>
        <p>{t('forms.needsServiceWhy', { state: connectionWords(connection, nowMs) })}</p>
      </EmptyState>
    );
  }
  if (failure === null) return <SkeletonLines label={loadingLabel} />;
  return (
    <EmptyState
      icon={icon}
      title={failedTitle}
      actions={<Button onClick={readAgain}>{t('frame.tryAgain')}</Button>}
    >
      <FailureMessage failure={failure} />
    </EmptyState>
  );
}
