import { Button, Table, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Key } from '#shared/domain/entities';
import { SOMETHING_NEW } from '../../domain/reasons';
import { useMirror } from '../../stores/mirror';
import { may } from '../../stores/mirror-model';
import { rotateKey } from '../../stores/ui';
import { EmptyState } from '../../ui/empty-state';
import { PageHeader } from '../../ui/page-header';
import { RelativeTime } from '../../ui/relative-time';
import { SmallButton } from '../../ui/small-button';
import { CreateDialog } from './create-dialog';
import classes from './keys.module.css';
import { sortKeys } from './model';
import { RevokeDialog } from './revoke-dialog';

export function KeysScreen() {
  const keys = useMirror(useShallow((mirror) => sortKeys(mirror.keys.values())));
  const mayChange = useMirror((mirror) => may(mirror.account, 'api_keys'));
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);

  return (
    <>
      <PageHeader
        title="API keys"
        description="With these, callers of your API say who they are."
        actions={
          <Tooltip label="Your access token lacks the permission “API keys”." disabled={mayChange}>
            <Button
              leftSection={<IconPlus size={15} aria-hidden />}
              disabled={!mayChange}
              onClick={() => setCreating(true)}
            >
              Create key
            </Button>
          </Tooltip>
        }
      />
      <div className={classes.scroller}>
        {keys.length === 0 ? (
          <EmptyState icon={<IconKey size={26} stroke={1.6} />} title="No API keys yet">
            <p>Create one for each program that calls your API. Its secret is shown once.</p>
          </EmptyState>
        ) : (
          <Table aria-label="API keys" className={classes.table} highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Status</Table.Th>
                <Table.Th>Created</Table.Th>
                <Table.Th>Last used</Table.Th>
                <Table.Th>
                  <VisuallyHidden>Actions</VisuallyHidden>
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
      <CreateDialog opened={creating} onClose={() => setCreating(false)} />
      <RevokeDialog target={revoking} onClose={() => setRevoking(null)} />
    </>
  );
}

interface KeyRowProps {
  readonly item: Key;
  readonly mayChange: boolean;
  readonly onRevoke: (key: Key) => void;
}

const STATUS_WORDS = { active: 'Active', revoked: 'Revoked', unrecognised: SOMETHING_NEW } as const;

function KeyRow({ item, mayChange, onRevoke }: KeyRowProps) {
  const active = item.status === 'active';
  return (
    <Table.Tr data-revoked={active ? undefined : ''}>
      <Table.Td>
        <div className={classes.name}>{item.name}</div>
        <code className={classes.prefix}>{item.prefix}…</code>
      </Table.Td>
      <Table.Td>{STATUS_WORDS[item.status]}</Table.Td>
      <Table.Td>
        <RelativeTime at={item.createdAt} />
        {item.rotatedAt !== null && (
          <div className={classes.second}>
            rotated <RelativeTime at={item.rotatedAt} />
          </div>
        )}
      </Table.Td>
      <Table.Td>{item.lastUsedAt === null ? 'Never' : <RelativeTime at={item.lastUsedAt} />}</Table.Td>
      <Table.Td className={classes.actions}>
        {active && mayChange && (
          <>
            <SmallButton aria-label={`Rotate ${item.name}`} onClick={() => rotateKey(item)}>
              Rotate…
            </SmallButton>
            <SmallButton
              variant="subtle"
              color="gray"
              aria-label={`Revoke ${item.name}`}
              onClick={() => onRevoke(item)}
            >
              Revoke…
            </SmallButton>
          </>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
