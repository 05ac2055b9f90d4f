import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { SubmitEvent } from 'react';
import { countOf, plural } from '#shared/words';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { explainFailure } from '../../domain/failures';
import { RangeFields } from '../../forms/range-fields';
import type { RangeRequest } from '../../forms/range-values';
import { rangeFormMessage, useRangeForm } from '../../forms/use-range-form';
import { useMirror } from '../../stores/mirror';
import { type RangeDraft, useUi } from '../../stores/ui';
import { useNow, useReadClock } from '../../ui/clock';
import { FormError } from '../../ui/form-error';
import classes from './ranges.module.css';

function add(range: RangeRequest) {
  return bridge().calls.ranges.add(range);
}

function addedWords(what: string, count: number, effect: RangeDraft['effect'], isOnline: boolean): string {
  const done = effect === 'authorize' ? 'authorized' : 'denied';
  const be = plural(count, 'is', 'are');
  return isOnline ? `${what} ${be} ${done} now.` : `${what} ${be} ${done} as soon as the service answers.`;
}

interface AddRangeFormProps {
  readonly draft: RangeDraft;
  readonly onDone: () => void;
}

export function AddRangeForm({ draft, onDone }: AddRangeFormProps) {
  // Each initial draft has its own form, so that text typed into another one is not shown here.
  const form = useRangeForm(`range ${JSON.stringify(draft)}`, { ...draft, allowWide: false });
  const adding = useCall(add);
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const nowMs = useNow();
  const readClock = useReadClock();
  const told = adding.failure === null ? null : explainFailure(adding.failure, nowMs);
  const { effect } = form.values;

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const request = form.submit(readClock());
    if (request === null) return;
    void adding.run(request).then((outcome) => {
      if (outcome?.ok !== true) return;
      const added = outcome.value.ranges;
      const what = added.length === 1 ? (added[0]?.cidr ?? '') : countOf(added.length, 'range');
      notifications.show({ message: addedWords(what, added.length, request.effect, isOnline) });
      useUi.setState({ rangesTab: request.effect });
      form.finish();
      onDone();
    });
  };

  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <RangeFields form={form} told={told} onChange={adding.reset} />
      <FormError message={rangeFormMessage(told)} />
      <div className={classes.dialogButtons}>
        <Button
          variant="default"
          onClick={() => {
            form.finish();
            onDone();
          }}
        >
          Cancel
        </Button>
        <Button type="submit" loading={adding.pending}>
          {effect === 'authorize' ? 'Authorize range' : 'Deny range'}
        </Button>
      </div>
    </form>
  );
}
