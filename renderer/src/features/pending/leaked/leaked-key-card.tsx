import { Button, CloseButton, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { refusalOf } from '../../../domain/permissions';
import { UndoBatchButton } from '../../../forms/undo-batch-button';
import { useBatch } from '../../../stores/batch';
import { changeLeak, type LeakedKey, useLeaks } from '../../../stores/leaks';
import { useMirror } from '../../../stores/mirror';
import type { Ability } from '../../../stores/mirror-model';
import { rotateKey, showLogWith } from '../../../stores/ui';
import { useNow } from '../../../ui/clock';
import { formatMoment } from '../../../ui/format';
import { denyTogether, undoTogether } from '../bulk/answer-together';
import classes from './leaked.module.css';

interface LeakedKeyCardProps {
  readonly leak: LeakedKey;
  readonly pending: readonly Review[];
}

/** What to do about a key that is probably leaked, in order. */
export function LeakedKeyCard({ leak, pending }: LeakedKeyCardProps) {
  const titleId = useId();
  const nowMs = useNow();
  const { keyId, keyName, addresses, networks, since } = leak;
  return (
    <section className={classes.card} aria-labelledby={titleId}>
      <div className={classes.head}>
        <IconAlertTriangle size={18} aria-hidden />
        <h2 id={titleId} className={classes.title}>
          <strong>{t('pending.leaked', { key: keyName })}</strong>{' '}
          {t('pending.leakedSince', {
            addresses: t('pending.newAddresses', { count: addresses }),
            networks: t('pending.networks', { count: networks }),
            moment: formatMoment(since, nowMs),
          })}
        </h2>
        <CloseButton
          size="sm"
          aria-label={t('pending.putAwayLeaked', { key: keyName })}
          onClick={() => changeLeak(leak, { isDismissed: true })}
        />
      </div>
      <ol className={classes.steps}>
        <UpdateStep leak={leak} />
        <DenyStep leak={leak} openIds={pending.flatMap((open) => (open.keyId === keyId ? [open.id] : []))} />
        <LookStep leak={leak} />
      </ol>
    </section>
  );
}

function UpdateStep({ leak }: { readonly leak: LeakedKey }) {
  const key = useMirror((mirror) => mirror.keys.get(leak.keyId));
  const nowMs = useNow();
  const rotatedAt = key?.rotatedAt ?? null;
  const isDone = rotatedAt !== null && Date.parse(rotatedAt) >= Date.parse(leak.since);
  return (
    <Step done={isDone ? t('pending.keyUpdated', { moment: formatMoment(rotatedAt, nowMs) }) : null}>
      <Allowed needs="api_keys">
        {(isAllowed) => (
          <Button
            disabled={!isAllowed || key?.status !== 'active'}
            onClick={() => {
              changeLeak(leak, {});
              if (key !== undefined) rotateKey(key);
            }}
          >
            {t('pending.updateKey')}
          </Button>
        )}
      </Allowed>
    </Step>
  );
}

function DenyStep({ leak, openIds }: { readonly leak: LeakedKey; readonly openIds: readonly string[] }) {
  const steps = useLeaks(({ byKey }) => byKey.get(leak.keyId));
  const step = useBatch((state) => state.step);
  const last = useBatch((state) => state.last);
  const batch = last !== null && last.endedAtMs === steps?.deniedAtMs ? last : null;
  const hasDenied = steps !== undefined && steps.deniedAtMs !== null && batch?.isTakenBack !== true;
  const deny = async (): Promise<void> => {
    if (!(await denyTogether(openIds))) return;
    const { last: denied } = useBatch.getState();
    if (denied === null) return;
    changeLeak(leak, { deniedAtMs: denied.endedAtMs, deniedCount: denied.ids.length });
  };
  return (
    <Step
      done={hasDenied && openIds.length === 0 ? t('pending.denied', { count: steps.deniedCount }) : null}
      after={
        batch === null ? null : (
          <UndoBatchButton
            store={useBatch}
            batch={batch}
            words={t('answer.undoAll')}
            hasKey
            onUndo={(denied) => void undoTogether(denied)}
          />
        )
      }
    >
      <Allowed needs="authorized_ips">
        {(isAllowed) => (
          <Button
            variant="default"
            loading={step === 'deny'}
            disabled={!isAllowed || openIds.length === 0 || step !== null}
            onClick={() => void deny()}
          >
            {openIds.length === 0
              ? t('pending.denyTried')
              : t('answer.denyAddresses', { count: openIds.length })}
          </Button>
        )}
      </Allowed>
    </Step>
  );
}

function LookStep({ leak }: { readonly leak: LeakedKey }) {
  const hasSeen = useLeaks(({ byKey }) => byKey.get(leak.keyId)?.hasSeenLog ?? false);
  const look = (): void => {
    changeLeak(leak, { hasSeenLog: true });
    showLogWith({ keyId: leak.keyId, verdict: 'allowed', fromMs: Date.parse(leak.since) });
  };
  return (
    <Step done={hasSeen ? t('pending.looked') : null} isRepeatable>
      <Button variant={hasSeen ? 'subtle' : 'default'} onClick={look}>
        {t(hasSeen ? 'pending.lookAgain' : 'pending.seeWhatGotIn')}
      </Button>
    </Step>
  );
}

interface StepProps {
  /** What was done; null as long as it is not. */
  readonly done: string | null;
  /** The button stays when it is done. */
  readonly isRepeatable?: boolean;
  readonly after?: ReactNode;
  readonly children: ReactNode;
}

function Step({ done, isRepeatable = false, after = null, children }: StepProps) {
  return (
    <li className={classes.step} data-done={done === null ? undefined : ''}>
      {done !== null && (
        <span className={classes.done} role="status">
          <IconCircleCheck size={16} aria-hidden />
          {done}
        </span>
      )}
      {(done === null || isRepeatable) && children}
      {after}
    </li>
  );
}

interface AllowedProps {
  readonly needs: Ability;
  readonly children: (isAllowed: boolean) => ReactNode;
}

function Allowed({ needs, children }: AllowedProps) {
  const refusal = useMirror((mirror) => refusalOf(mirror.account, needs));
  return (
    <Tooltip label={refusal} disabled={refusal === undefined}>
      <span>{children(refusal === undefined)}</span>
    </Tooltip>
  );
}
