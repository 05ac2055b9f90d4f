import { type ReactNode, useId } from 'react';
import { isNetworkRow, type Attempt } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { formatCount } from '#shared/words';
import { copyText } from '../../bridge/copy-text';
import { geolocationWords } from '../../domain/geolocation-words';
import { reasonTitle, shownVerdict, whySentence } from '../../domain/reasons';
import type { DetailsProps } from '../../forms/feed-view';
import { useMirror } from '../../stores/mirror';
import { AddressText } from '../../ui/address-text';
import { CopyButton } from '../../ui/copy-button';
import { formatDateTime } from '../../ui/format';
import { RelativeTime } from '../../ui/relative-time';
import { SidePanel } from '../../ui/split-view';
import { VerdictBadge } from '../../ui/verdict-badge';
import { Actions } from './actions';
import classes from './details.module.css';
import { History } from './history';
import { WhyNow } from './why-now';

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
      <WhyNow attempt={attempt} />
      <Actions attempt={attempt} />
      <History attempt={attempt} />
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
