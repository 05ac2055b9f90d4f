import {
  IconShieldCheck,
  IconShieldHalf,
  IconShieldOff,
  IconShieldQuestion,
  IconShieldSearch,
} from '@tabler/icons-react';
import type { Account } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { isReporting } from '#shared/domain/reporting';
import { t } from '#shared/i18n/t';
import { type Choice, shortChoiceWords } from '../../domain/protection-words';
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
  const account = useMirror((mirror) => mirror.account);
  if (account === null) return null;
  const { mode } = account;
  const name = modeName(mode);
  const short = shortChoiceWords(account);
  return (
    <StatusButton
      icon={ICONS[mode]}
      first={name}
      second={short}
      tone={toneOf(account)}
      about={isReporting(account) ? 'second' : 'first'}
      label={t('frame.modeLabel', { name, short })}
      onClick={() => showScreen('protection')}
    />
  );
}

function toneOf(choice: Choice): 'quiet' | 'warn' | 'alarm' {
  if (choice.mode === 'deactivated' || choice.mode === UNRECOGNISED) return 'alarm';
  return isReporting(choice) ? 'warn' : 'quiet';
}
