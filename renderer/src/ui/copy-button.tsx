import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { t } from '#shared/i18n/t';

const SHOWN_MS = 1_600;

interface CopyButtonProps {
  readonly what: string;
  /** Resolves with false if copying failed. */
  readonly onCopy: () => Promise<boolean>;
}

/** Copies, and shows the result for a moment. */
export function CopyButton({ what, onCopy }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = (): void => {
    void onCopy().then((worked) => setState(worked ? 'copied' : 'failed'));
  };
  const name = {
    idle: t('words.copy', { what }),
    copied: t('words.copied'),
    failed: t('words.notCopied'),
  }[state];
  const Icon = state === 'copied' ? IconCheck : IconCopy;
  return (
    <Tooltip label={name}>
      <ActionIcon aria-label={name} onClick={copy}>
        <Icon size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
