import type { Failure } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import { ConfirmModal } from '../ui/confirm-modal';
import { useLastShown } from '../ui/use-last-shown';
import { ImpactList } from './impact-list';

/** Returns true if the edit was refused because it would block whom the log let in. */
export function asksAboutImpact(failure: Failure | null): boolean {
  return failure?.kind === 'conflict' && failure.impact !== undefined;
}

interface ImpactModalProps {
  readonly failure: Failure | null;
  /** Sends the edit again with `confirmImpact`. */
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks whether an edit that would block somebody is meant all the same (docs/behaviour.md 1.15). */
export function ImpactModal({ failure, onConfirm, onClose }: ImpactModalProps) {
  const impact = failure?.kind === 'conflict' ? (failure.impact ?? null) : null;
  const shown = useLastShown(impact);
  if (shown === null) return null;
  return (
    <ConfirmModal
      opened={impact !== null}
      title={t('operations.wouldBlockTitle', { count: shown.addresses })}
      confirm={t('operations.applyAnyway')}
      danger
      cancel={t('operations.leaveIt')}
      pending={false}
      error={null}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <ImpactList impact={shown} />
    </ConfirmModal>
  );
}
