import { Button } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { isNetworkRow, type Attempt } from '#shared/domain/entities';
import { formatCount } from '#shared/words';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { copyText } from '../../bridge/copy-text';
import { geolocationWords } from '../../domain/geolocation-words';
import { reasonWords, whySentence } from '../../domain/reasons';
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
      head={<VerdictBadge verdict={attempt.verdict} />}
    >
      <div className={classes.addressLine}>
        <h2 id={titleId} className={classes.address}>
          <AddressText value={attempt.ip} size="lg" />
        </h2>
        <CopyButton
          what={isNetworkRow(attempt) ? 'network' : 'address'}
          onCopy={() => copyText(attempt.ip)}
        />
      </div>
      <p className={classes.why}>{whySentence(attempt, range)}</p>
      <Actions attempt={attempt} />
      <dl className={classes.facts}>
        <Fact name="Reason">{reasonWords(attempt.reason)}</Fact>
        <Fact name="API key">
          {attempt.keyName} {prefix !== null && <code className={classes.code}>{prefix}…</code>}
        </Fact>
        <Fact name="From">{geolocation ?? 'Not known'}</Fact>
        <Fact name="Attempts">{formatCount(attempt.count)}</Fact>
        <Fact name="First">{formatDateTime(attempt.firstAt)}</Fact>
        <Fact name="Last">
          {formatDateTime(attempt.lastAt)} (<RelativeTime at={attempt.lastAt} />)
        </Fact>
        <Fact name="Method">{attempt.method ?? 'Not known'}</Fact>
        <Fact name="Path">
          {attempt.path === null ? 'Not known' : <code className={classes.code}>{attempt.path}</code>}
        </Fact>
        <Fact name="User agent">{attempt.userAgent ?? 'Not known'}</Fact>
        {range !== null && (
          <Fact name="Range">
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
          Answer this review
        </Button>
      )}
      {mayChange && blocked && !isNetwork && attempt.reason !== 'revoked_key' && (
        <Button
          variant={openReview === null ? 'filled' : 'default'}
          onClick={() => draftRange({ text: attempt.ip, label: '' })}
        >
          Authorize this address…
        </Button>
      )}
      {mayChange && !blocked && !isNetwork && (
        <Button variant="default" onClick={() => draftRange({ text: attempt.ip, effect: 'deny' })}>
          Deny this address…
        </Button>
      )}
      <Button variant="default" onClick={() => showLogWith({ ipText: attempt.ip })}>
        {isNetwork ? 'Only this network' : 'Only this address'}
      </Button>
      <Button variant="default" onClick={() => showLogWith({ keyId: attempt.keyId })}>
        Only this key
      </Button>
    </div>
  );
}
