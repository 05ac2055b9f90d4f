import { Button, CloseButton, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import type { Review } from '#shared/domain/entities';
import { countOf } from '#shared/words';
import { useBatch } from '../../../stores/batch';
import { changeLeak, type LeakedKey, useLeaks } from '../../../stores/leaks';
import { useMirror } from '../../../stores/mirror';
import { type Ability, may } from '../../../stores/mirror-model';
import { rotateKey, showLogWith } from '../../../stores/ui';
import { useNow } from '../../../ui/clock';
import { formatMoment } from '../../../ui/format';
import { denyTogether } from '../bulk/answer-together';
import { UndoBatchButton } from '../bulk/undo-batch-button';
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
          {keyName} is probably leaked: {countOf(addresses, 'new address', 'new addresses')} in{' '}
          {countOf(networks, 'network')} since {formatMoment(since, nowMs)}
        </h2>
        <CloseButton
          size="sm"
          aria-label={`Put away: ${keyName} is probably leaked`}
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
    <Step done={isDone ? `Key updated at ${formatMoment(rotatedAt, nowMs)}` : null}>
      <Allowed needs="api_keys" words="“API keys”">
        {(isAllowed) => (
          <Button
            disabled={!isAllowed || key?.status !== 'active'}
            onClick={() => {
              changeLeak(leak, {});
              if (key !== undefined) rotateKey(key);
            }}
          >
            Update the key…
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
  const count = countOf(openIds.length, 'address', 'addresses');
  const deny = async (): Promise<void> => {
    if (!(await denyTogether(openIds))) return;
    const { last: denied } = useBatch.getState();
    if (denied === null) return;
    changeLeak(leak, { deniedAtMs: denied.endedAtMs, deniedCount: denied.reviewIds.length });
  };
  return (
    <Step
      done={
        hasDenied && openIds.length === 0
          ? `${countOf(steps.deniedCount, 'address', 'addresses')} denied`
          : null
      }
      after={batch === null ? null : <UndoBatchButton batch={batch} />}
    >
      <Allowed needs="authorized_ips" words="“Authorized IPs”">
        {(isAllowed) => (
          <Button
            variant="default"
            loading={step === 'deny'}
            disabled={!isAllowed || openIds.length === 0 || step !== null}
            onClick={() => void deny()}
          >
            {openIds.length === 0 ? 'Deny what tried it' : `Deny ${count}`}
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
    <Step done={hasSeen ? 'Looked at what got in' : null} isRepeatable>
      <Button variant={hasSeen ? 'subtle' : 'default'} onClick={look}>
        {hasSeen ? 'Look again' : 'See what got in'}
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
  readonly words: string;
  readonly children: (isAllowed: boolean) => ReactNode;
}

function Allowed({ needs, words, children }: AllowedProps) {
  const isAllowed = useMirror((mirror) => may(mirror.account, needs));
  return (
    <Tooltip label={`Your access token lacks the permission ${words}.`} disabled={isAllowed}>
      <span>{children(isAllowed)}</span>
    </Tooltip>
  );
}
