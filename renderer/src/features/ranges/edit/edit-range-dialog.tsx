import { Group, Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type ReactNode, useState } from 'react';
import type { Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../../bridge/bridge';
import { useCall } from '../../../bridge/use-call';
import { changeWords } from '../../../domain/operation-words';
import { RangeFields } from '../../../forms/range-fields';
import { type RangeChanges, rangeChanges, startOf, valuesOf, valuesOnTop } from '../../../forms/range-values';
import { useRangeForm } from '../../../forms/use-range-form';
import { useMirror } from '../../../stores/mirror';
import { draftRange, useUi } from '../../../stores/ui';
import { useReadClock } from '../../../ui/clock';
import { Form, FormButtons } from '../../../ui/form';
import { SmallButton } from '../../../ui/small-button';
import { useLastShown } from '../../../ui/use-last-shown';
import { differenceOf, draftOf } from './difference';
import classes from '../ranges.module.css';

export function EditRangeDialog() {
  const editedRange = useUi((ui) => ui.editedRange);
  const range = useLastShown(editedRange);
  const close = (): void => useUi.setState({ editedRange: null });
  return (
    <Modal
      opened={editedRange !== null}
      onClose={close}
      title={t('ranges.editTitle')}
      size={540}
      // A click beside the dialog must not discard what was typed.
      closeOnClickOutside={false}
    >
      {range !== null && <EditRangeForm key={range.id} opened={range} onDone={close} />}
    </Modal>
  );
}

interface EditRangeFormProps {
  readonly opened: Range;
  readonly onDone: () => void;
}

/** Edits an existing range. Changes by others are shown and never overwritten unseen. */
function EditRangeForm({ opened, onDone }: EditRangeFormProps) {
  // The range after saving. The mirror shows it before the call resolves.
  const [sent, setSent] = useState<Range | null>(null);
  const shown = useMirror((mirror) => mirror.ranges.get(opened.id) ?? null);
  const form = useRangeForm(`range ${opened.id}`, { ...startOf(opened), allowWide: false }, opened);
  // The range as the person has seen it, which the typed values change.
  const seen = form.existing ?? opened;
  const saving = useCall((rangeId: string, version: number, changes: RangeChanges) =>
    bridge().calls.ranges.update({ rangeId, version, changes }),
  );
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const readClock = useReadClock();
  const difference = differenceOf(seen, shown, sent);

  const done = (): void => {
    form.finish();
    onDone();
  };
  const goOnWith = (range: Range, values: typeof form.values): void => {
    form.goOnWith(range, values);
    saving.reset();
  };
  const submit = (): void => {
    if (difference.kind !== 'same' || saving.pending) return;
    const request = form.submit(readClock());
    if (request === null) return;
    const changes = rangeChanges(seen, request);
    setSent({ ...seen, ...changes });
    void saving.run(seen.id, difference.version, changes).then((outcome) => {
      if (outcome?.ok !== true) {
        setSent(null);
        return;
      }
      notifications.show({
        message: t(isOnline ? 'ranges.changed' : 'ranges.changedLater', { range: seen.cidr }),
      });
      // A range with another effect is listed in the other tab.
      if (request.effect !== seen.effect) useUi.setState({ rangesTab: request.effect });
      done();
    });
  };

  return (
    <Form onSubmit={submit}>
      {difference.kind === 'changed' && (
        <Meanwhile>
          <p>
            {t('ranges.changedMeanwhile', { changes: changeWords(difference.changes) })}
            {form.isChanged && ` ${t('ranges.notSavedYet')}`}
          </p>
          <Group gap={8}>
            {form.isChanged && (
              <SmallButton
                onClick={() => goOnWith(difference.now, valuesOnTop(form.values, seen, difference.now))}
              >
                {t('ranges.keepTyped')}
              </SmallButton>
            )}
            <SmallButton
              onClick={() =>
                goOnWith(difference.now, valuesOf({ ...startOf(difference.now), allowWide: false }))
              }
            >
              {t('ranges.showCurrent')}
            </SmallButton>
          </Group>
        </Meanwhile>
      )}
      {difference.kind === 'removed' && (
        <Meanwhile>
          <p>{t('ranges.removedMeanwhile')}</p>
          <SmallButton
            onClick={() => {
              done();
              draftRange(draftOf(form.values, readClock()));
            }}
          >
            {t('ranges.addAgain')}
          </SmallButton>
        </Meanwhile>
      )}
      <RangeFields form={form} failure={saving.failure} onChange={saving.reset} />
      <FormButtons
        submit={t('ranges.save')}
        pending={saving.pending}
        disabled={!form.isChanged || difference.kind !== 'same'}
        onCancel={done}
      />
    </Form>
  );
}

/** Says what others did while the form was open, with the ways to go on. */
function Meanwhile({ children }: { readonly children: ReactNode }) {
  return (
    <div className={classes.notice} role="alert">
      {children}
    </div>
  );
}
