import { IconKey, IconPlus } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Key } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { refusalOf } from '../../domain/permissions';
import { useMirror } from '../../stores/mirror';
import { useUi } from '../../stores/ui';
import { EmptyState } from '../../ui/empty-state';
import { MasterDetail } from '../../ui/master-detail';
import { NotPermitted } from '../../ui/not-permitted';
import { PageHeader } from '../../ui/page-header';
import { PermittedButton } from '../../ui/permitted-button';
import { keyColumns } from './columns';
import { KeyDetail } from './key-detail';
import { useEndedCalls } from './key-use';
import classes from './keys.module.css';
import { sortKeys } from './model';

function selectKey(selectedKeyId: string | null): void {
  useUi.setState({ selectedKeyId });
}

export function KeysScreen() {
  const [first, ...others] = useMirror(useShallow((mirror) => sortKeys(mirror.keys.values())));
  const refusal = useMirror((mirror) => refusalOf(mirror.account, 'api_keys'));
  const selectedId = useUi((ui) => ui.selectedKeyId);
  const endedCalls = useEndedCalls();
  const columns = useMemo(() => keyColumns(endedCalls), [endedCalls]);
  return (
    <>
      <PageHeader
        title={t('keys.title')}
        description={t('keys.description')}
        actions={
          <PermittedButton
            refusal={refusal}
            leftSection={<IconPlus size={15} aria-hidden />}
            onClick={() => useUi.setState({ isCreatingKey: true })}
          >
            {t('keys.create')}
          </PermittedButton>
        }
      />
      <NotPermitted why={refusal} />
      {first === undefined ? (
        <div className={classes.empty}>
          <EmptyState icon={<IconKey size={26} stroke={1.6} />} title={t('keys.none')}>
            <p>{t('keys.noneHelp')}</p>
          </EmptyState>
        </div>
      ) : (
        <MasterDetail<Key>
          label={t('keys.title')}
          columns={columns}
          rows={[first, ...others]}
          selectedId={selectedId}
          onSelect={selectKey}
          stateOf={stateOf}
          detail={KeyDetail}
        />
      )}
    </>
  );
}

function stateOf({ status }: Key): string | undefined {
  return status === 'revoked' ? 'expired' : undefined;
}
