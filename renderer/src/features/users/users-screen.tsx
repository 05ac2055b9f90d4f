import { IconPlus, IconUsers } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import type { User } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { refusalOf } from '../../domain/permissions';
import { Unread, useServiceReading } from '../../forms/service-reading';
import { useMirror } from '../../stores/mirror';
import { useUi } from '../../stores/ui';
import { MasterDetail } from '../../ui/master-detail';
import { NotPermitted } from '../../ui/not-permitted';
import { PageHeader } from '../../ui/page-header';
import { PermittedButton } from '../../ui/permitted-button';
import { userColumns } from './columns';
import { sortUsers } from './model';
import { onPeople } from './on-people';
import { UserDetail } from './user-detail';
import classes from './users.module.css';

function selectUser(selectedUserId: string | null): void {
  useUi.setState({ selectedUserId });
}

function readUsers() {
  return bridge().calls.users.list();
}

export function UsersScreen() {
  const refusal = useMirror((mirror) => refusalOf(mirror.account, 'owner'));
  return (
    <>
      <PageHeader
        title={t('frame.screen_users')}
        description={t('users.description')}
        actions={
          <PermittedButton
            refusal={refusal}
            leftSection={<IconPlus size={15} aria-hidden />}
            onClick={() => useUi.setState({ isAddingUser: true })}
          >
            {t('users.add')}
          </PermittedButton>
        }
      />
      <NotPermitted why={refusal === undefined ? undefined : t('users.ownersOnly')} />
      <UserList />
    </>
  );
}

function UserList() {
  const ownId = useMirror((mirror) => mirror.account?.me.userId ?? '');
  const reading = useServiceReading(readUsers);
  const { value, readAgain } = reading;
  const selectedId = useUi((ui) => ui.selectedUserId);
  useEffect(() => onPeople(readAgain), [readAgain]);
  const [first, ...others] = useMemo(() => sortUsers(value ?? [], ownId), [value, ownId]);
  const columns = useMemo(() => userColumns(ownId), [ownId]);
  if (first === undefined) {
    return (
      <div className={classes.unread}>
        <Unread
          reading={reading}
          icon={<IconUsers size={26} stroke={1.6} />}
          loadingLabel={t('users.loading')}
          failedTitle={t('users.failed')}
        />
      </div>
    );
  }
  return (
    <MasterDetail<User>
      label={t('users.list')}
      columns={columns}
      rows={[first, ...others]}
      selectedId={selectedId}
      onSelect={selectUser}
      detail={UserDetail}
    />
  );
}
