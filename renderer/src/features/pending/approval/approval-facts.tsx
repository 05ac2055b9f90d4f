import type { ReactNode } from 'react';
import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { geolocationWords } from '../../../domain/geolocation-words';
import { RelativeTime } from '../../../ui/relative-time';
import classes from './approval.module.css';
import { CallsTimeline } from '../facts/calls-timeline';
import { EvidenceList } from '../../../forms/evidence-list';
import { useIsReported } from '../facts/use-is-reported';
import { KeyName } from '../facts/key-name';
import { LatestCallers } from '../facts/latest-callers';

interface ApprovalFactsProps {
  readonly review: Review;
  /** Stands above the history of the calls, so that a small window shows it. */
  readonly children?: ReactNode;
}

export function ApprovalFacts({ review, children }: ApprovalFactsProps) {
  const isReported = useIsReported(review.keyId);
  return (
    <>
      <dl className={classes.facts}>
        <dt>{t('review.from')}</dt>
        <dd>
          {geolocationWords(review) ?? <span className={classes.quiet}>{t('review.fromNotKnown')}</span>}
        </dd>
        <dt>{t('review.apiKey')}</dt>
        <dd>
          <KeyName review={review} />
        </dd>
        <dt>{t(isReported ? 'review.wouldBeBlocked' : 'review.blocked')}</dt>
        <dd>
          {review.count === 1 ? (
            <>
              {t('review.once')}, <RelativeTime at={review.lastAt} />
            </>
          ) : (
            <>
              {t('review.times', { count: review.count })}, {t('review.first')}{' '}
              <RelativeTime at={review.firstAt} />, {t('review.last')} <RelativeTime at={review.lastAt} />
            </>
          )}
        </dd>
      </dl>
      {children}
      <CallsTimeline review={review} />
      <LatestCallers review={review} />
      <EvidenceList evidence={review.evidence} />
    </>
  );
}
