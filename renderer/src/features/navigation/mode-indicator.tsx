import { UnstyledButton } from '@mantine/core';
import { IconShieldCheck, IconShieldHalf, IconShieldOff, IconShieldSearch } from '@tabler/icons-react';
import type { Mode } from '#shared/domain/entities';
import { MODE_WORDS } from '../../domain/reasons';
import { useMirror } from '../../stores/mirror';
import { showScreen } from '../../stores/ui';
import classes from './navigation.module.css';

const ICONS: Readonly<Record<Mode, typeof IconShieldCheck>> = {
  learning: IconShieldSearch,
  automatic: IconShieldHalf,
  manual: IconShieldCheck,
  deactivated: IconShieldOff,
};

/** The mode, on every screen: above all nobody should forget that protection is off. */
export function ModeIndicator() {
  const mode = useMirror((mirror) => mirror.account?.mode ?? null);
  if (mode === null) return null;
  const Icon = ICONS[mode];
  const { name, short } = MODE_WORDS[mode];
  return (
    <UnstyledButton
      className={classes.status}
      data-alarm={mode === 'deactivated' ? '' : undefined}
      aria-label={`Mode: ${name}. ${short}.`}
      onClick={() => showScreen('protection')}
    >
      <Icon size={17} stroke={1.7} aria-hidden />
      <span className={classes.lines}>
        <span className={classes.line}>{name}</span>
        <span className={classes.quietLine}>{short}</span>
      </span>
    </UnstyledButton>
  );
}
