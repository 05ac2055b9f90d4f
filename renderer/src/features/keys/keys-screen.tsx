import { Button, Table, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Key } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { useMirror } from '../../stores/mirror';
import { may } from '../../stores/mirror-model';
import { rotateKey, useUi } from '../../stores/ui';
import { EmptyState } from '../../ui/empty-state';
import { PageHeader } from '../../ui/page-header';
import { RelativeTime } from '../../ui/relative-time';
import { SmallButton } from '../../ui/small-button';
import classes from './keys.module.css';
import { sortKeys } from './model';
import { RevokeDialog } from './revoke-dialog';

export function KeysScreen() {
  const keys = useMirror(useShallow((mirror) => sortKeys(mirror.keys.values())));
  const mayChange = useMirror((mirror) => may(mirror.account, 'api_keys'));
  const [revoking, setRevoking] = useState<Key | null>(null);

  return (
    <>
      <PageHeader
        title={t('keys.title')}
        description={t('keys.description')}
        actions={
          <Tooltip label={t('keys.lacksPermission')} disabled={mayChange}>
            <Button
              leftSection={<IconPlus size={15} aria-hidden />}
              disabled={!mayChange}
              onClick={() => useUi.setState({ isCreatingKey: true })}
            >
              {t('keys.create')}
            </Button>
          </Tooltip>
        }
      />
      <div className={classes.scroller}>
        {keys.length === 0 ? (
          <EmptyState icon={<IconKey size={26} stroke={1.6} />} title={t('keys.none')}>
            <p>{t('keys.noneHelp')}</p>
          </EmptyState>
        ) : (
          <Table aria-label={t('keys.title')} className={classes.table} highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('keys.name')}</Table.Th>
                <Table.Th>{t('keys.status')}</Table.Th>
                <Table.Th>{t('keys.created')}</Table.Th>
                <Table.Th>{t('keys.lastUsed')}</Table.Th>
                <Table.Th>
                  <VisuallyHidden>{t('keys.actions')}</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {keys.map((key) => (
                <KeyRow key={key.id} item={key} mayChange={mayChange} onRevoke={setRevoking} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </div>
      <RevokeDialog target={revoking} onClose={() => setRevoking(null)} />
    </>
  );
}

interface KeyRowProps {
  readonly item: Key;
  readonly mayChange: boolean;
  readonly onRevoke: (key: Key) => void;
}

function KeyRow({ item, mayChange, onRevoke }: KeyRowProps) {
  const active = item.status === 'active';
  return (
    <Table.Tr data-revoked={active ? undefined : ''}>
      <Table.Td>
        <div className={classes.name}>{item.name}</div>
        <code className={classes.prefix}>{item.prefix}…</code>
      </Table.Td>
      <Table.Td>{t(`keys.status_${item.status}`)}</Table.Td>
      <Table.Td>
        <RelativeTime at={item.createdAt} />
        {item.rotatedAt !== null && (
          <div className={classes.second}>
            {t('keys.rotated')} <RelativeTime at={item.rotatedAt} />
          </div>
        )}
      </Table.Td>
      <Table.Td>
        {item.lastUsedAt === null ? t('keys.never') : <RelativeTime at={item.lastUsedAt} />}
      </Table.Td>
      <Table.Td className={classes.actions}>
        {active && mayChange && (
          <>
            <SmallButton
              aria-label={t('keys.rotateKey', { name: item.name })}
              onClick={() => rotateKey(item)}
            >
              {t('keys.rotate')}
            </SmallButton>
            <SmallButton
              variant="subtle"
              color="gray"
              aria-label={t('keys.revokeKey', { name: item.name })}
              onClick={() => onRevoke(item)}
            >
              {t('keys.revoke')}
            </SmallButton>
          </>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
