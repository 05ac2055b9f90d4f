import { UNRECOGNISED } from '#shared/domain/told';
import type { Account, Mode } from '#shared/domain/entities';
import { isReporting } from '#shared/domain/reporting';
import { t } from '#shared/i18n/t';
import { canReport, type Choice } from '../../domain/protection-words';
import { modeName } from '../../domain/reasons';

export function choiceOf({ mode, reportOnly }: Account): Choice {
  return { mode, reportOnly };
}

/** Report-only makes no difference in the modes that block nothing unknown. */
export function isSameChoice(a: Choice, b: Choice): boolean {
  return a.mode === b.mode && isReporting(a) === isReporting(b);
}

export interface ModeOption {
  readonly mode: Mode;
  readonly summary: string;
  readonly points: readonly string[];
  /** Points to consider before choosing the mode. */
  readonly caveat: string | null;
}

/** Lists learning first while the account is learning, else last, where it means learning again. */
export function optionsFor(current: Account['mode']): readonly ModeOption[] {
  const options: readonly ModeOption[] = [
    {
      mode: 'automatic',
      summary: t('protection.summary_automatic'),
      points: [t('protection.trustDecides'), t('protection.deniedStayAnyway')],
      caveat: null,
    },
    {
      mode: 'manual',
      summary: t('protection.summary_manual'),
      points: [t('protection.eachIsReview'), t('protection.nothingByItself')],
      caveat: null,
    },
    {
      mode: 'deactivated',
      summary: t('protection.summary_deactivated'),
      points: [t('protection.stillLogged'), t('protection.rangesNotApplied')],
      caveat: null,
    },
  ];
  const isLearning = current === 'learning';
  const learning: ModeOption = {
    mode: 'learning',
    summary: t('protection.summary_learning'),
    points: [t('protection.learningEndsItself'), t('protection.deniedStay')],
    caveat: isLearning ? null : t('protection.learnsFromAll'),
  };
  return isLearning ? [learning, ...options] : [...options, learning];
}

/** Returns the words of the button that makes the choice hold. */
export function buttonWords(chosen: Choice, current: Choice): string {
  if (chosen.mode === current.mode) {
    return t(chosen.reportOnly ? 'protection.reportOnlyNow' : 'protection.enforceNow');
  }
  return t('protection.switchTo', { mode: modeName(chosen.mode) });
}

/** Confirmation of a choice that lets in addresses nobody has decided about. */
export interface ModeWarning {
  readonly title: string;
  readonly confirm: string;
  readonly button: string;
  readonly texts: readonly string[];
}

export function warningOf(chosen: Choice, current: Choice, deniedRanges: number): ModeWarning | null {
  switch (chosen.mode) {
    case 'deactivated':
      return {
        title: t('protection.deactivateTitle'),
        confirm: t('protection.deactivateNow'),
        button: t('protection.deactivate'),
        texts: [
          t('protection.acceptsAll'),
          ...(deniedRanges === 0 ? [] : [t('protection.deniedNotApplied', { count: deniedRanges })]),
          t('protection.rangesKept'),
        ],
      };
    case 'learning':
      return {
        title: t('protection.learnTitle'),
        confirm: t('protection.learnNow'),
        button: t('protection.learn'),
        texts: [t('protection.learnsAll'), t('protection.learnWhen')],
      };
    case 'automatic':
    case 'manual':
      // Whatever enforces now lets more in afterwards.
      return chosen.reportOnly && canReport(current.mode) && !current.reportOnly
        ? {
            title: t('protection.reportTitle'),
            confirm: t('protection.reportOnlyNow'),
            button: t('protection.report'),
            texts: [t('protection.reportLetsIn'), t('protection.deniedStay')],
          }
        : null;
    case UNRECOGNISED:
      return null;
  }
}
