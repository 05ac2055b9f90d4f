import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Key } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { refusalOf } from '../../domain/permissions';
import { useMirror } from '../../stores/mirror';
import { rotateKey, showLogWith, showRangesOf } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { formatAgo, formatDateTime } from '../../ui/format';
import type { DetailProps } from '../../ui/master-detail';
import { PermittedButton } from '../../ui/permitted-button';
import { type Advice, adviceOf, NO_CALLS } from './advice';
import { statusWords } from './columns';
import { useKeyUse } from './key-use';
import classes from './keys.module.css';
import { ReportOnly } from './report-only';
import { RevokeDialog } from './revoke-dialog';
import { UsedFrom } from './used-from';

export function KeyDetail({ row: key, titleId }: DetailProps<Key>) {
  const refusal = useMirror((mirror) => refusalOf(mirror.account, 'api_keys'));
  const use = useKeyUse(key.id);
  const nowMs = useNow();
  const [isRevoking, setRevoking] = useState(false);
  const calls =
    use?.ok === true ? { networks: use.value.networkCount, endedCalls: use.value.endedCalls } : NO_CALLS;
  const isActive = key.status === 'active';
  return (
    <>
      <div className={classes.head}>
        <h2 id={titleId} className={classes.title}>
          {key.name}
        </h2>
        <span className={classes.status} data-active={isActive ? '' : undefined}>
          {statusWords(key)}
        </span>
      </div>
      <code className={classes.prefix}>{key.prefix}…</code>
      <div className={classes.actions}>
        <Button variant="default" onClick={() => showLogWith({ keyId: key.id })}>
          {t('keys.showCalls')}
        </Button>
        {isActive && (
          <>
            <PermittedButton
              refusal={refusal}
              variant="default"
              aria-label={t('keys.rotateKey', { name: key.name })}
              onClick={() => rotateKey(key)}
            >
              {t('keys.rotate')}
            </PermittedButton>
            <PermittedButton
              refusal={refusal}
              variant="default"
              aria-label={t('keys.revokeKey', { name: key.name })}
              onClick={() => setRevoking(true)}
            >
              {t('keys.revoke')}
            </PermittedButton>
          </>
        )}
      </div>
      <AdviceList advice={adviceOf(key, calls, nowMs)} keyId={key.id} />
      <dl className={classes.facts}>
        <Fact name={t('keys.lastUsed')}>
          {key.lastUsedAt === null ? t('keys.never') : <Moment at={key.lastUsedAt} />}
        </Fact>
        <Fact name={t('keys.created')}>
          <Moment at={key.createdAt} />
        </Fact>
        <Fact name={t('keys.secretSince')}>
          <Moment at={key.rotatedAt ?? key.createdAt} />
        </Fact>
        <Fact name={t('keys.ownRanges')}>
          <OwnRanges item={key} />
        </Fact>
      </dl>
      {isActive && <ReportOnly item={key} />}
      <UsedFrom keyId={key.id} use={use} />
      <RevokeDialog target={isRevoking ? key : null} onClose={() => setRevoking(false)} />
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Moment({ at }: { readonly at: string }) {
  const nowMs = useNow();
  return (
    <time dateTime={at} title={formatDateTime(at)}>
      {formatAgo(at, nowMs)}
    </time>
  );
}

/** Ranges that hold for this key alone, by effect. */
function OwnRanges({ item }: { readonly item: Key }) {
  const own = useMirror(
    useShallow((mirror) => [...mirror.ranges.values()].filter(({ keyId }) => keyId === item.id)),
  );
  const denied = own.filter(({ effect }) => effect === 'deny').length;
  if (own.length === 0) return t('keys.noOwnRanges');
  return (
    <div className={classes.ownRanges}>
      {own.length > denied && (
        <Button size="compact-xs" variant="default" onClick={() => showRangesOf(item, 'authorize')}>
          {t('keys.authorizedRanges', { count: own.length - denied })}
        </Button>
      )}
      {denied > 0 && (
        <Button size="compact-xs" variant="default" onClick={() => showRangesOf(item, 'deny')}>
          {t('keys.deniedRanges', { count: denied })}
        </Button>
      )}
    </div>
  );
}

interface AdviceListProps {
  readonly advice: readonly Advice[];
  readonly keyId: string;
}

function AdviceList({ advice, keyId }: AdviceListProps) {
  if (advice.length === 0) return null;
  return (
    <ul className={classes.advice} aria-label={t('keys.advice')}>
      {advice.map((one) => (
        <li key={one.kind} className={classes.oneAdvice}>
          <IconAlertTriangle size={16} aria-hidden />
          <span>{adviceWords(one)}</span>
          {'calls' in one && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => showLogWith({ keyId, reason: 'revoked_key' })}
            >
              {t('keys.showThese')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

function adviceWords(advice: Advice): string {
  switch (advice.kind) {
    case 'revokedTried':
    case 'oldSecretTried':
      return t(`keys.advice_${advice.kind}`, { count: advice.calls });
    case 'manyNetworks':
      return t('keys.advice_manyNetworks', { number: advice.networks });
    case 'oldSecret':
    case 'dormant':
    case 'neverUsed':
      return t(`keys.advice_${advice.kind}`);
  }
}
