import { Button } from '@mantine/core';
import { useState } from 'react';
import type { User } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { useMirror } from '../../stores/mirror';
import { may } from '../../stores/mirror-model';
import { formatDate } from '../../ui/format';
import type { DetailProps } from '../../ui/master-detail';
import { RemoveUserDialog } from './remove-user-dialog';
import { RightsForm } from './rights-form';
import { Tokens } from './tokens';
import classes from './users.module.css';

export function UserDetail({ row: user, titleId }: DetailProps<User>) {
  const isOwner = useMirror((mirror) => may(mirror.account, 'owner'));
  const isSelf = useMirror((mirror) => mirror.account?.me.userId === user.id);
  const [isRemoving, setRemoving] = useState(false);
  return (
    <>
      <h2 id={titleId} className={classes.title}>
        {user.email} {isSelf && <span className={classes.you}>{t('users.you')}</span>}
      </h2>
      <p className={classes.quiet}>{t('users.addedOn', { date: formatDate(user.createdAt) })}</p>
      {/* A change by somebody else is shown anew. */}
      <RightsForm
        key={`${user.role} ${String(user.permissions)}`}
        user={user}
        isSelf={isSelf}
        mayChange={isOwner}
      />
      <Tokens user={user} isSelf={isSelf} maySee={isOwner || isSelf} />
      {isOwner && (
        <div className={classes.end}>
          <Button variant="default" onClick={() => setRemoving(true)}>
            {t('users.remove')}
          </Button>
        </div>
      )}
      <RemoveUserDialog user={user} isSelf={isSelf} isOpen={isRemoving} onClose={() => setRemoving(false)} />
    </>
  );
}
