import { Button, Modal, SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';
import type { ImportResult } from '#shared/api/routes-import';
import { t } from '#shared/i18n/t';
import { bridge } from '../../../bridge/bridge';
import { type CallInProgress, useCall } from '../../../bridge/use-call';
import { useDraft } from '../../../stores/drafts';
import { useUi } from '../../../stores/ui';
import { useNow } from '../../../ui/clock';
import { DialogButtons } from '../../../ui/form';
import { FormError } from '../../../ui/form-error';
import { ImportLines } from './import-lines';
import { type ImportSource, ImportSourceForm, NO_SOURCE } from './import-source';
import {
  doneWords,
  filterChoices,
  importFailureWords,
  type Imported,
  isShown,
  leftOver,
  type Shown,
} from './import-words';
import classes from '../ranges.module.css';

function preview(text: string, shown: Shown, cursor: string | null) {
  return bridge().calls.ranges.import({
    text,
    dryRun: true,
    ...(shown !== 'all' && { outcome: shown }),
    ...(cursor !== null && { cursor }),
  });
}

export function ImportDialog() {
  const opened = useUi((ui) => ui.importOpen);
  const importing = useCall((text: string) => bridge().calls.ranges.import({ text, dryRun: false }));
  const { pending, reset } = importing;
  const close = (): void => {
    // Closing would let the import continue without showing its result.
    if (pending) return;
    reset();
    useUi.setState({ importOpen: false });
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      withCloseButton={!pending}
      title={t('ranges.importTitle')}
      size={920}
    >
      <ImportSteps importing={importing} onClose={close} />
    </Modal>
  );
}

interface ImportStepsProps {
  readonly importing: CallInProgress<[text: string], Imported>;
  readonly onClose: () => void;
}

type Step =
  | { readonly kind: 'source' }
  | {
      readonly kind: 'preview';
      readonly shown: Shown;
      readonly page: Imported;
      /** Results of all pages so far. */
      readonly lines: readonly ImportResult[];
    }
  | { readonly kind: 'done'; readonly imported: Imported };

function ImportSteps({ importing, onClose }: ImportStepsProps) {
  const draft = useDraft<ImportSource>('import', NO_SOURCE);
  const { value: source } = draft;
  const [step, setStep] = useState<Step>({ kind: 'source' });
  const previewing = useCall(preview);
  const nowMs = useNow();

  const done = (): void => {
    draft.finish();
    onClose();
  };
  const show = async (shown: Shown): Promise<void> => {
    const outcome = await previewing.run(source.text, shown, null);
    if (outcome?.ok !== true) return;
    setStep({ kind: 'preview', shown, page: outcome.value, lines: outcome.value.results });
  };
  const showMore = async ({ shown, page, lines }: Extract<Step, { kind: 'preview' }>): Promise<void> => {
    // After a failure only a person retries, because the grid would ask at each render.
    if (page.nextCursor === null || previewing.failure !== null) return;
    const outcome = await previewing.run(source.text, shown, page.nextCursor);
    if (outcome?.ok !== true) return;
    setStep({ kind: 'preview', shown, page: outcome.value, lines: [...lines, ...outcome.value.results] });
  };
  const run = async (): Promise<void> => {
    const outcome = await importing.run(source.text);
    if (outcome?.ok !== true) return;
    draft.finish();
    setStep({ kind: 'done', imported: outcome.value });
  };

  const previewProblem =
    previewing.failure === null ? null : importFailureWords(previewing.failure, true, nowMs);
  if (step.kind === 'source') {
    return (
      <ImportSourceForm
        source={source}
        onChange={(next) => {
          previewing.reset();
          draft.change(() => next);
        }}
        onPreview={() => void show('all')}
        onCancel={done}
        pending={previewing.pending}
        message={previewProblem}
      />
    );
  }
  if (step.kind === 'done') return <ImportDone imported={step.imported} onClose={onClose} />;
  const { page, lines, shown } = step;
  const importProblem =
    importing.failure === null ? null : importFailureWords(importing.failure, false, nowMs);
  return (
    <Stack gap={14}>
      <SegmentedControl
        aria-label={t('ranges.whichLines')}
        data={[...filterChoices(page)]}
        value={shown}
        disabled={previewing.pending || importing.pending}
        onChange={(value) => {
          if (isShown(value)) void show(value);
        }}
      />
      <ImportLines
        key={shown}
        lines={lines}
        hasMore={page.nextCursor !== null}
        onNearEnd={() => void showMore(step)}
      />
      <FormError message={importProblem ?? previewProblem} />
      <DialogButtons>
        <Button
          variant="default"
          className={classes.atStart}
          disabled={importing.pending}
          onClick={() => {
            importing.reset();
            setStep({ kind: 'source' });
          }}
        >
          {t('ranges.back')}
        </Button>
        <Button variant="default" disabled={importing.pending} onClick={done}>
          {t('words.cancel')}
        </Button>
        <Button loading={importing.pending} disabled={page.added === 0} onClick={() => void run()}>
          {t('ranges.importNow', { count: page.added })}
        </Button>
      </DialogButtons>
    </Stack>
  );
}

interface ImportDoneProps {
  readonly imported: Imported;
  readonly onClose: () => void;
}

function ImportDone({ imported, onClose }: ImportDoneProps) {
  const { lines, hidden } = leftOver(imported);
  return (
    <Stack gap={14}>
      <p role="status">{doneWords(imported)}</p>
      {lines.length > 0 && <ImportLines lines={lines} isDone />}
      {hidden > 0 && <p>{t('ranges.linesHidden', { count: hidden })}</p>}
      <DialogButtons>
        <Button onClick={onClose}>{t('ranges.done')}</Button>
      </DialogButtons>
    </Stack>
  );
}
