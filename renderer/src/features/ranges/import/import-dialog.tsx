import { Button, Modal, Progress, SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';
import type { ImportResult } from '#shared/api/routes-import';
import type { RouteInput } from '#shared/api/route-types';
import { t } from '#shared/i18n/t';
import { formatCount } from '#shared/words';
import { bridge } from '../../../bridge/bridge';
import { type CallInProgress, useCall } from '../../../bridge/use-call';
import { asksAboutImpact, ImpactModal } from '../../../forms/impact-modal';
import { useDraft } from '../../../stores/drafts';
import { useMirror } from '../../../stores/mirror';
import { useUi } from '../../../stores/ui';
import { useNow } from '../../../ui/clock';
import { DialogButtons } from '../../../ui/form';
import { FormError } from '../../../ui/form-error';
import { ImportLines } from './import-lines';
import classes from '../ranges.module.css';
import importClasses from './import.module.css';
import { ImportSourceForm } from './import-source';
import {
  doneWords,
  filterChoices,
  importFailureWords,
  type Imported,
  isShown,
  leftOver,
  removalWords,
  type Shown,
} from './import-words';
import { lineOptions } from './options';
import { RecognizedLine } from './recognized-line';
import { type ImportSource, NO_SOURCE } from './source';

type Request = RouteInput<'importRanges'>['body'];

function preview(request: Request, shown: Shown, cursor: string | null) {
  return bridge().calls.ranges.import({
    ...request,
    dryRun: true,
    ...(shown !== 'all' && { outcome: shown }),
    ...(cursor !== null && { cursor }),
  });
}

/** Fewer lines are imported before a person could read it. */
const LINES_WITH_PROGRESS = 2_000;

function requestOf({ text, file, options }: ImportSource, nowMs: number): Request {
  return { ...(file === null ? { text } : { data: file.data }), ...lineOptions(options, nowMs) };
}

export function ImportDialog() {
  const opened = useUi((ui) => ui.importOpen);
  const importing = useCall((request: Request) =>
    bridge().calls.ranges.import({ ...request, dryRun: false }),
  );
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
      // Escape answers the question alone.
      closeOnEscape={!asksAboutImpact(importing.failure)}
      title={t('ranges.importTitle')}
      size={920}
    >
      <ImportSteps importing={importing} onClose={close} />
    </Modal>
  );
}

interface ImportStepsProps {
  readonly importing: CallInProgress<[request: Request], Imported>;
  readonly onClose: () => void;
}

type Step =
  | { readonly kind: 'source' }
  | {
      readonly kind: 'preview';
      /** What was previewed, which is what is imported. */
      readonly request: Request;
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
  const show = async (request: Request, shown: Shown): Promise<void> => {
    const outcome = await previewing.run(request, shown, null);
    if (outcome?.ok !== true) return;
    setStep({ kind: 'preview', request, shown, page: outcome.value, lines: outcome.value.results });
  };
  const showMore = async (at: Extract<Step, { kind: 'preview' }>): Promise<void> => {
    const { request, shown, page, lines } = at;
    // After a failure only a person retries, because the grid would ask at each render.
    if (page.nextCursor === null || previewing.failure !== null) return;
    const outcome = await previewing.run(request, shown, page.nextCursor);
    if (outcome?.ok !== true) return;
    setStep({ ...at, page: outcome.value, lines: [...lines, ...outcome.value.results] });
  };
  const run = async (request: Request): Promise<void> => {
    const outcome = await importing.run(request);
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
        onPreview={() => void show(requestOf(source, nowMs), 'all')}
        onCancel={done}
        pending={previewing.pending}
        message={previewProblem}
      />
    );
  }
  if (step.kind === 'done') return <ImportDone imported={step.imported} onClose={onClose} />;
  const { page, lines, shown, request } = step;
  const importProblem =
    importing.failure === null || asksAboutImpact(importing.failure)
      ? null
      : importFailureWords(importing.failure, false, nowMs);
  return (
    <Stack gap={14}>
      <RecognizedLine recognized={page.recognized} />
      <SegmentedControl
        aria-label={t('ranges.whichLines')}
        data={[...filterChoices(page)]}
        value={shown}
        disabled={previewing.pending || importing.pending}
        onChange={(value) => {
          if (isShown(value)) void show(request, value);
        }}
      />
      <ImportLines
        key={shown}
        lines={lines}
        unit={page.recognized.unit}
        hasMore={page.nextCursor !== null}
        onNearEnd={() => void showMore(step)}
      />
      {page.removed > 0 && <p className={importClasses.removals}>{removalWords(page)}</p>}
      {importing.pending && <ImportProgress count={page.added} />}
      <FormError message={importProblem ?? previewProblem} />
      <ImpactModal
        failure={importing.failure}
        onConfirm={() => void run({ ...request, confirmImpact: true })}
        onClose={importing.reset}
      />
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
        <Button
          loading={importing.pending}
          disabled={page.added + page.removed === 0}
          onClick={() => void run(request)}
        >
          {page.added === 0 && page.removed > 0
            ? t('imports.removeOnly', { count: page.removed })
            : t('imports.importNow', { count: page.added })}
        </Button>
      </DialogButtons>
    </Stack>
  );
}

/** Shows how many ranges have come in: the feed brings each batch as soon as it is in the list. */
function ImportProgress({ count }: { readonly count: number }) {
  const size = useMirror((mirror) => mirror.ranges.size);
  const [start] = useState(size);
  const done = Math.max(0, Math.min(count, size - start));
  if (count < LINES_WITH_PROGRESS) return null;
  const words = t('imports.progress', { done: formatCount(done), all: formatCount(count) });
  return (
    <div className={importClasses.progress}>
      <Progress value={(done / count) * 100} aria-label={words} />
      <span>{words}</span>
    </div>
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
      {lines.length > 0 && <ImportLines lines={lines} unit={imported.recognized.unit} isDone />}
      {hidden > 0 && <p>{t('ranges.linesHidden', { count: hidden })}</p>}
      <DialogButtons>
        <Button onClick={onClose}>{t('ranges.done')}</Button>
      </DialogButtons>
    </Stack>
  );
}
