import type { Account } from '#shared/domain/entities';
import { isReporting } from '#shared/domain/reporting';
import { t } from '#shared/i18n/t';
import { modeName } from './reasons';

/** The decision about unknown addresses: the mode, and whether it only reports what it would block. */
export type Choice = Pick<Account, 'mode' | 'reportOnly'>;

/** Modes that block unknown addresses, or report them. */
export function canReport(mode: Account['mode']): boolean {
  return mode === 'automatic' || mode === 'manual';
}

export function choiceWords(choice: Choice): string {
  const mode = modeName(choice.mode);
  return isReporting(choice) ? t('words.onlyReports', { mode }) : mode;
}

/** Says in a few words what becomes of unknown addresses. */
export function shortChoiceWords(choice: Choice): string {
  return t(isReporting(choice) ? 'words.modeShort_reporting' : `words.modeShort_${choice.mode}`);
}
