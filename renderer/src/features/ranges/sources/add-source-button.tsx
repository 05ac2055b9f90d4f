import { IconPlus } from '@tabler/icons-react';
import { t } from '#shared/i18n/t';
import { useUi } from '../../../stores/ui';
import { PermittedButton } from '../../../ui/permitted-button';
import { useSourceRefusal } from './use-source-refusal';

export function AddSourceButton() {
  return (
    <PermittedButton
      leftSection={<IconPlus size={15} aria-hidden />}
      refusal={useSourceRefusal()}
      onClick={() => useUi.setState({ sourceForm: 'new' })}
    >
      {t('sources.add')}
    </PermittedButton>
  );
}
