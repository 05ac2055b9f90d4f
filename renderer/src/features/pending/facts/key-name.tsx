import { IconBellOff } from '@tabler/icons-react';
import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { useMirror } from '../../../stores/mirror';
import { isMuted, useNotifications } from '../../../stores/notifications';
import classes from '../pending.module.css';

export function KeyName({ review }: { readonly review: Review }) {
  const prefix = useMirror((mirror) => mirror.keys.get(review.keyId)?.prefix ?? null);
  const muted = useNotifications(({ value }) => isMuted(value, review.keyId));
  return (
    <span className={classes.key}>
      <span className={classes.keyName} title={review.keyName}>
        {review.keyName}
      </span>
      {prefix !== null && <code className={classes.prefix}>{prefix}…</code>}
      {muted && <IconBellOff size={14} role="img" aria-label={t('review.muted')} />}
    </span>
  );
}
