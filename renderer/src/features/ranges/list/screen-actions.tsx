import { Button } from '@mantine/core';
import { IconFileExport, IconFileImport, IconPlus, IconSparkles } from '@tabler/icons-react';
import { t } from '#shared/i18n/t';
import { draftRange, useUi } from '../../../stores/ui';
import { AddSourceButton } from '../sources/add-source-button';

interface ScreenActionsProps {
  readonly mayChange: boolean;
  readonly onTidy: () => void;
}

export function ScreenActions({ mayChange, onTidy }: ScreenActionsProps) {
  const tab = useUi((ui) => ui.rangesTab);
  const showsSources = useUi((ui) => ui.showsSources);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconSparkles size={15} aria-hidden />}
        disabled={!mayChange}
        onClick={onTidy}
      >
        {t('ranges.tidyUp')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconFileExport size={15} aria-hidden />}
        onClick={() => useUi.setState({ exportOpen: true })}
      >
        {t('imports.export')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconFileImport size={15} aria-hidden />}
        disabled={!mayChange}
        onClick={() => useUi.setState({ importOpen: true })}
      >
        {t('ranges.import')}
      </Button>
      {showsSources ? (
        <AddSourceButton />
      ) : (
        <Button
          leftSection={<IconPlus size={15} aria-hidden />}
          disabled={!mayChange}
          onClick={() => draftRange({ effect: tab })}
        >
          {t('ranges.add')}
        </Button>
      )}
    </>
  );
}
