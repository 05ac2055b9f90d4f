import {
  IconShieldCheck,
  IconShieldHalf,
  IconShieldOff,
  IconShieldQuestion,
  IconShieldSearch,
} from '@tabler/icons-react';
import type { Account } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { t } from '#shared/i18n/t';
import { modeName } from '../../domain/reasons';
import { useMirror } from '../../stores/mirror';
import { showScreen } from '../../stores/ui';
import { StatusButton } from '../../ui/status-button';

const ICONS: Readonly<Record<Account['mode'], typeof IconShieldCheck>> = {
  unrecognised: IconShieldQuestion,
  learning: IconShieldSearch,
  automatic: IconShieldHalf,
  manual: IconShieldCheck,
  deactivated: IconShieldOff,
};

/** Shows the mode on every screen, so that nobody forgets that protection is off. */
export function ModeIndicator() {
  const mode = useMirror((mirror) => mirror.account?.mode ?? null);
  if (mode === null) return null;
  const name = modeName(mode);
  const short = t(`words.modeShort_${mode}`);
  return (
    <StatusButton
      icon={ICONS[mode]}
      first={name}
      second={short}
      tone={mode === 'deactivated' || mode === UNRECOGNISED ? 'alarm' : 'quiet'}
      label={t('frame.modeLabel', { name, short })}
      onClick={() => showScreen('protection')}
    />
  );
}
