import { Button } from '@mantine/core';
import { useId } from 'react';
import { isNetworkRow, type Attempt } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { permissionName } from '../../domain/failures';
import { useMirror } from '../../stores/mirror';
import { may } from '../../stores/mirror-model';
import { draftRange, editRange, showLogWith } from '../../stores/ui';
import classes from './details.module.css';

/** What can be done about a row. What the access token may not do is shown as that. */
export function Actions({ attempt }: { readonly attempt: Attempt }) {
  const whyNotId = useId();
  const mayChange = useMirror((mirror) => may(mirror.account, 'authorized_ips'));
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
  const changes = { disabled: !mayChange, 'aria-describedby': mayChange ? undefined : whyNotId };
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
      {!mayChange && (canAuthorize || canDeny || range !== undefined) && (
        <p id={whyNotId} className={classes.whyNot}>
          {t('log.mayNot', { permission: permissionName('authorized_ips') })}
        </p>
      )}
    </>
  );
}
