import { Button } from '@mantine/core';
import { useId } from 'react';
import { isNetworkRow, type Attempt } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { refusalOf } from '../../domain/permissions';
import { useMirror } from '../../stores/mirror';
import { draftRange, editRange, showLogWith } from '../../stores/ui';
import classes from './details.module.css';

/** Offers what can be done about a row. An action that the access token does not permit is shown, with the reason. */
export function Actions({ attempt }: { readonly attempt: Attempt }) {
  const whyNotId = useId();
  const refusal = useMirror((mirror) => refusalOf(mirror.account, 'authorized_ips'));
  const openReview = useMirror((mirror) => {
    const review = attempt.reviewId === null ? undefined : mirror.reviews.get(attempt.reviewId);
    return review?.status === 'pending' ? review.id : null;
  });
  const range = useMirror((mirror) =>
    attempt.rangeId === null ? undefined : mirror.ranges.get(attempt.rangeId),
  );
  const isBlocked = attempt.verdict === 'blocked';
  // Answering for a whole network of strangers must take more than one press.
  const isNetwork = isNetworkRow(attempt);
  const canAuthorize = isBlocked && !isNetwork && attempt.reason !== 'revoked_key';
  const canDeny = !isBlocked && !isNetwork;
  const isRefused = refusal !== undefined;
  const changes = { disabled: isRefused, 'aria-describedby': isRefused ? whyNotId : undefined };
  return (
    <>
      <div className={classes.actions}>
        {openReview !== null && (
          <Button
            onClick={() => void settle(() => bridge().calls.app.openApproval({ reviewId: openReview }))}
          >
            {t('log.answerReview')}
          </Button>
        )}
        {canAuthorize && (
          <Button
            {...changes}
            variant={openReview === null ? 'filled' : 'default'}
            onClick={() => draftRange({ text: attempt.ip, label: '' })}
          >
            {t('log.authorizeAddress')}
          </Button>
        )}
        {canDeny && (
          <Button
            {...changes}
            variant="default"
            onClick={() => draftRange({ text: attempt.ip, effect: 'deny' })}
          >
            {t('log.denyAddress')}
          </Button>
        )}
        {range !== undefined && (
          <Button {...changes} variant="default" onClick={() => editRange(range)}>
            {t('log.editRange', { range: range.cidr })}
          </Button>
        )}
        <Button variant="default" onClick={() => showLogWith({ ipText: attempt.ip })}>
          {t(isNetwork ? 'log.onlyNetwork' : 'log.onlyAddress')}
        </Button>
        <Button variant="default" onClick={() => showLogWith({ keyId: attempt.keyId })}>
          {t('log.onlyKey')}
        </Button>
      </div>
      {isRefused && (canAuthorize || canDeny || range !== undefined) && (
        <p id={whyNotId} className={classes.whyNot}>
          {refusal}
        </p>
      )}
    </>
  );
}
