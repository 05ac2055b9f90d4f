import { Button } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { isNetworkRow, type Attempt } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { formatCount } from '#shared/words';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { copyText } from '../../bridge/copy-text';
import { geolocationWords } from '../../domain/geolocation-words';
import { reasonTitle, shownVerdict, whySentence } from '../../domain/reasons';
import type { DetailsProps } from '../../forms/feed-view';
import { useMirror } from '../../stores/mirror';
import { may } from '../../stores/mirror-model';
import { draftRange, showLogWith } from '../../stores/ui';
import { AddressText } from '../../ui/address-text';
import { CopyButton } from '../../ui/copy-button';
import { formatDateTime } from '../../ui/format';
import { RelativeTime } from '../../ui/relative-time';
import { SidePanel } from '../../ui/split-view';
import { VerdictBadge } from '../../ui/verdict-badge';
import classes from './details.module.css';

export function Details({ row: attempt, panelRef, onClose }: DetailsProps<Attempt>) {
  const titleId = useId();
  const range = useMirror((mirror) =>
    attempt.rangeId === null ? null : (mirror.ranges.get(attempt.rangeId) ?? null),
  );
  const prefix = useMirror((mirror) => mirror.keys.get(attempt.keyId)?.prefix ?? null);
  const geolocation = geolocationWords(attempt);
  return (
    <SidePanel
      labelledBy={titleId}
      panelRef={panelRef}
      onClose={onClose}
      head={<VerdictBadge verdict={shownVerdict(attempt)} />}
    >
      <div className={classes.addressLine}>
        <h2 id={titleId} className={classes.address}>
          <AddressText value={attempt.ip} size="lg" />
        </h2>
        <CopyButton
          what={t(isNetworkRow(attempt) ? 'log.toCopy_network' : 'log.toCopy_address')}
          onCopy={() => copyText(attempt.ip)}
        />
      </div>
      <p className={classes.why}>{whySentence(attempt, range)}</p>
      <Actions attempt={attempt} />
      <dl className={classes.facts}>
        <Fact name={t('log.reason')}>{reasonTitle(attempt)}</Fact>
        <Fact name={t('log.key')}>
          {attempt.keyName} {prefix !== null && <code className={classes.code}>{prefix}…</code>}
        </Fact>
        <Fact name={t('log.place')}>{geolocation ?? t('log.notKnown')}</Fact>
        <Fact name={t('log.attempts')}>{formatCount(attempt.count)}</Fact>
        <Fact name={t('log.first')}>{formatDateTime(attempt.firstAt)}</Fact>
        <Fact name={t('log.last')}>
          {formatDateTime(attempt.lastAt)} (<RelativeTime at={attempt.lastAt} />)
        </Fact>
        <Fact name={t('log.method')}>{attempt.method ?? t('log.notKnown')}</Fact>
        <Fact name={t('log.path')}>
          {attempt.path === null ? t('log.notKnown') : <code className={classes.code}>{attempt.path}</code>}
        </Fact>
        <Fact name={t('log.userAgent')}>{attempt.userAgent ?? t('log.notKnown')}</Fact>
        {range !== null && (
          <Fact name={t('log.range')}>
            <AddressText value={range.cidr} /> {range.label}
          </Fact>
        )}
      </dl>
    </SidePanel>
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

function Actions({ attempt }: { readonly attempt: Attempt }) {
  const mayChange = useMirror((mirror) => may(mirror.account, 'authorized_ips'));
  const openReview = useMirror((mirror) => {
    const review = attempt.reviewId === null ? undefined : mirror.reviews.get(attempt.reviewId);
    return review?.status === 'pending' ? review.id : null;
  });
  const blocked = attempt.verdict === 'blocked';
  // Answering for a whole network of strangers must take more than one press.
  const isNetwork = isNetworkRow(attempt);
  return (
    <div className={classes.actions}>
      {openReview !== null && (
        <Button onClick={() => void settle(() => bridge().calls.app.openApproval({ reviewId: openReview }))}>
          {t('log.answerReview')}
        </Button>
      )}
      {mayChange && blocked && !isNetwork && attempt.reason !== 'revoked_key' && (
        <Button
          variant={openReview === null ? 'filled' : 'default'}
          onClick={() => draftRange({ text: attempt.ip, label: '' })}
        >
          {t('log.authorizeAddress')}
        </Button>
      )}
      {mayChange && !blocked && !isNetwork && (
        <Button variant="default" onClick={() => draftRange({ text: attempt.ip, effect: 'deny' })}>
          {t('log.denyAddress')}
        </Button>
      )}
      <Button variant="default" onClick={() => showLogWith({ ipText: attempt.ip })}>
        {t(isNetwork ? 'log.onlyNetwork' : 'log.onlyAddress')}
      </Button>
      <Button variant="default" onClick={() => showLogWith({ keyId: attempt.keyId })}>
        {t('log.onlyKey')}
      </Button>
    </div>
  );
}
