import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type SubmitEvent, useState } from 'react';
import type { Range } from '#shared/domain/entities';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { explainFailure } from '../../domain/failures';
import { RangeFields } from '../../forms/range-fields';
import { type RangeChanges, rangeChanges, startOf, valuesOf, valuesOnTop } from '../../forms/range-values';
import { rangeFormMessage, useRangeForm } from '../../forms/use-range-form';
import { useMirror } from '../../stores/mirror';
import { draftRange, useUi } from '../../stores/ui';
import { useNow, useReadClock } from '../../ui/clock';
import { FormError } from '../../ui/form-error';
import { ChangedMeanwhile, RemovedMeanwhile } from './meanwhile';
import { draftOf, differenceOf } from './model';
import classes from './ranges.module.css';

function update(rangeId: string, version: number, changes: RangeChanges) {
  return bridge().calls.ranges.update({ rangeId, version, changes });
}

interface EditRangeFormProps {
  readonly opened: Range;
  readonly onDone: () => void;
}

/** Edits an existing range. Changes by others are shown and never overwritten unseen. */
export function EditRangeForm({ opened, onDone }: EditRangeFormProps) {
  // The range after saving. The mirror shows it before the call resolves.
  const [sent, setSent] = useState<Range | null>(null);
  const shown = useMirror((mirror) => mirror.ranges.get(opened.id) ?? null);
  const form = useRangeForm(`range ${opened.id}`, { ...startOf(opened), allowWide: false }, opened);
  // The range as the person has seen it, which the typed values change.
  const seen = form.existing ?? opened;
  const saving = useCall(update);
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const nowMs = useNow();
  const readClock = useReadClock();
  const difference = differenceOf(seen, shown, sent);
  const told = saving.failure === null ? null : explainFailure(saving.failure, nowMs);

  const done = (): void => {
    form.finish();
    onDone();
  };
  const goOnWith = (range: Range, values: typeof form.values): void => {
    form.goOnWith(range, values);
    saving.reset();
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
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
      const message = isOnline
        ? `${seen.cidr} was changed.`
        : `${seen.cidr} is changed as soon as the service answers.`;
      notifications.show({ message });
      // A range with another effect is listed in the other tab.
      if (request.effect !== seen.effect) useUi.setState({ rangesTab: request.effect });
      done();
    });
  };

  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      {difference.kind === 'changed' && (
        <ChangedMeanwhile
          changes={difference.changes}
          isTyped={form.isChanged}
          onKeep={() => goOnWith(difference.now, valuesOnTop(form.values, seen, difference.now))}
          onDiscard={() =>
            goOnWith(difference.now, valuesOf({ ...startOf(difference.now), allowWide: false }))
          }
        />
      )}
      {difference.kind === 'removed' && (
        <RemovedMeanwhile
          onAddAgain={() => {
            done();
            draftRange(draftOf(form.values, nowMs));
          }}
        />
      )}
      <RangeFields form={form} told={told} onChange={saving.reset} />
      <FormError message={rangeFormMessage(told)} />
      <div className={classes.dialogButtons}>
        <Button variant="default" onClick={done}>
          Cancel
        </Button>
        <Button
          type="submit"
          loading={saving.pending}
          disabled={!form.isChanged || difference.kind !== 'same'}
        >
          Save
        </Button>
      </div>
    </form>
  );
}
