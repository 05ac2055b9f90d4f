import type { User } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import type { Column } from '../../ui/data-grid';
import { RelativeTime } from '../../ui/relative-time';
import { rightsWords } from './model';
import classes from './users.module.css';

export function userColumns(ownId: string): readonly Column<User>[] {
  return [
    {
      id: 'user',
      header: t('users.user'),
      width: 'minmax(150px, 2fr)',
      render: (user) => (
        <div className={classes.twoLines}>
          <div title={user.email}>
            {user.email} {user.id === ownId && <span className={classes.you}>{t('users.you')}</span>}
          </div>
          <div className={classes.quiet}>{t(`users.role_${user.role}`)}</div>
        </div>
      ),
    },
    {
      id: 'may',
      header: t('users.may'),
      width: 'minmax(120px, 1.4fr)',
      fromWidth: 340,
      render: (user) => <span title={rightsWords(user)}>{rightsWords(user)}</span>,
    },
    {
      id: 'added',
      header: t('users.added'),
      width: '110px',
      fromWidth: 520,
      render: (user) => <RelativeTime at={user.createdAt} />,
    },
  ];
}
