import { useMemo } from 'react';
import type { Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import type { Reading } from '../../../bridge/use-reading';
import { rangeName } from '../../../domain/range-words';
import { useFailureText } from '../../../forms/failure-message';
import { useRangeBatch } from '../../../stores/batch';
import { useMirror } from '../../../stores/mirror';
import { draftRange } from '../../../stores/ui';
import { useNow } from '../../../ui/clock';
import { ConfirmModal } from '../../../ui/confirm-modal';
import { SmallButton } from '../../../ui/small-button';
import { useLastShown } from '../../../ui/use-last-shown';
import classes from '../ranges.module.css';
import { changeTogether } from '../together/change-together';
import type { Impact } from './impact';
import { ImpactLines, useImpact } from './impact-lines';
import { mayComeBack, removalSentences, stillCovered } from './removal';

interface RemoveRangesDialogProps {
  readonly targets: readonly Range[] | null;
  readonly onClose: () => void;
}

const NOTHING: readonly Range[] = [];

/** Asks before ranges are removed, and says what that brings about. */
export function RemoveRangesDialog({ targets, onClose }: RemoveRangesDialogProps) {
  const opened = useLastShown(targets);
  const [first] = opened ?? [];
  const isSending = useRangeBatch(({ step }) => step !== null);
  const failureText = useFailureText(useRangeBatch(({ failure }) => failure));
  const impact = useImpact(targets ?? NOTHING);
  if (opened === null || first === undefined) return null;
  const isOne = opened.length === 1;
  return (
    <ConfirmModal
      opened={targets !== null}
      title={
        isOne
          ? t('ranges.removeTitle', { range: rangeName(first) })
          : t('ranges.removeManyTitle', { count: opened.length })
      }
      confirm={isOne ? t('ranges.removeNow') : t('ranges.removeManyNow', { count: opened.length })}
      danger
      pending={isSending}
      error={failureText?.message ?? null}
      onClose={onClose}
      onConfirm={() => {
        // The current versions, because the counts of uses may have grown since the dialog was opened.
        const { ranges } = useMirror.getState();
        const current = opened.map((range) => ranges.get(range.id) ?? range);
        void changeTogether(current, { kind: 'remove', confirmImpact: impact.isTold }).then(
          (isDone) => isDone && onClose(),
        );
      }}
    >
      <Consequences targets={opened} impact={impact} onDeny={onClose} />
    </ConfirmModal>
  );
}

interface ConsequencesProps {
  readonly targets: readonly Range[];
  readonly impact: Reading<Impact>;
  readonly onDeny: () => void;
}

function Consequences({ targets, impact, onDeny }: ConsequencesProps) {
  const all = useMirror((mirror) => mirror.ranges);
  const mode = useMirror((mirror) => mirror.account?.mode ?? 'manual');
  const nowMs = useNow();
  // The minute, because all ranges are compared.
  const minuteMs = Math.floor(nowMs / 60_000) * 60_000;
  const ranges = useMemo(() => targets.map((range) => all.get(range.id) ?? range), [targets, all]);
  const covers = useMemo(() => {
    const named = [...stillCovered(ranges, all.values(), minuteMs)].map(
      ([id, by]) => [id, all.get(by)] as const,
    );
    return new Map(named.flatMap(([id, by]) => (by === undefined ? [] : [[id, by] as const])));
  }, [ranges, all, minuteMs]);
  const [only] = ranges;
  return (
    <>
      {removalSentences(ranges, mode, covers, nowMs).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <ImpactLines ranges={ranges} impact={impact} />
      {mayComeBack(ranges, mode) && (
        <div className={classes.notice}>
          <p>
            {t(`ranges.mayComeBack_${mode === 'automatic' ? mode : 'learning'}`, { count: ranges.length })}
          </p>
          {only !== undefined && ranges.length === 1 && (
            <SmallButton
              onClick={() => {
                onDeny();
                draftRange({ text: only.cidr, effect: 'deny', label: only.label, keyId: only.keyId });
              }}
            >
              {t('ranges.denyInstead')}
            </SmallButton>
          )}
        </div>
      )}
    </>
  );
}
