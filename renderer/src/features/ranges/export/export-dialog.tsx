import { Button, Modal, NativeSelect, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { exportFormatSchema, type ExportFormat } from '#shared/api/routes-import';
import type { Effect } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../../bridge/bridge';
import { useCall } from '../../../bridge/use-call';
import { explainFailure } from '../../../domain/failures';
import { useUi } from '../../../stores/ui';
import { useNow } from '../../../ui/clock';
import { Form, FormButtons } from '../../../ui/form';
import { FormError } from '../../../ui/form-error';

const WHICH = ['all', 'authorize', 'deny'] as const;

export function ExportDialog() {
  const opened = useUi((ui) => ui.exportOpen);
  const close = (): void => useUi.setState({ exportOpen: false });
  return (
    <Modal opened={opened} onClose={close} title={t('imports.exportTitle')} size={520}>
      <ExportForm onClose={close} />
    </Modal>
  );
}

function ExportForm({ onClose }: { readonly onClose: () => void }) {
  const [format, setFormat] = useState<ExportFormat>('csv');
  const [which, setWhich] = useState<'all' | Effect>('all');
  const [path, setPath] = useState<string | null>(null);
  const nowMs = useNow();
  const saving = useCall(() =>
    bridge().calls.ranges.export({ format, ...(which !== 'all' && { effect: which }) }),
  );
  const save = async (): Promise<void> => {
    const outcome = await saving.run();
    if (outcome?.ok === true) setPath(outcome.value.path);
  };
  if (path !== null) {
    return (
      <Form onSubmit={onClose}>
        <p role="status">{t('imports.saved', { path })}</p>
        <Button type="submit" ml="auto" data-autofocus>
          {t('ranges.done')}
        </Button>
      </Form>
    );
  }
  return (
    <Form onSubmit={() => void save()}>
      <NativeSelect
        label={t('imports.exportFormat')}
        description={t(
          format === 'csv' || format === 'json' ? 'imports.exportWhole' : 'imports.exportPartly',
        )}
        inputWrapperOrder={['label', 'input', 'description']}
        data={exportFormatSchema.options.map((value) => ({
          value,
          label: t(`imports.exportFormat_${value}`),
        }))}
        value={format}
        data-autofocus
        onChange={(event) => setFormat(exportFormatSchema.parse(event.currentTarget.value))}
      />
      <SegmentedControl
        aria-label={t('imports.exportWhich')}
        fullWidth
        data={WHICH.map((value) => ({ value, label: t(`imports.exportWhich_${value}`) }))}
        value={which}
        onChange={setWhich}
      />
      <FormError message={saving.failure === null ? null : explainFailure(saving.failure, nowMs).message} />
      <FormButtons submit={t('imports.save')} pending={saving.pending} onCancel={onClose} />
    </Form>
  );
}
