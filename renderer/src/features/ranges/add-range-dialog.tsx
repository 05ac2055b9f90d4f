import { Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { countOf, plural } from '#shared/words';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { RangeFields } from '../../forms/range-fields';
import type { RangeRequest } from '../../forms/range-values';
import { useRangeForm } from '../../forms/use-range-form';
import { useMirror } from '../../stores/mirror';
import { type RangeDraft, useUi } from '../../stores/ui';
import { useReadClock } from '../../ui/clock';
import { Form, FormButtons } from '../../ui/form';
import { useLastShown } from '../../ui/use-last-shown';

export function AddRangeDialog() {
  const rangeDraft = useUi((ui) => ui.rangeDraft);
  const draft = useLastShown(rangeDraft);
  const close = (): void => useUi.setState({ rangeDraft: null });
  return (
    <Modal opened={rangeDraft !== null} onClose={close} title="Add a range" size={540}>
      {draft !== null && <AddRangeForm key={JSON.stringify(draft)} draft={draft} onDone={close} />}
    </Modal>
  );
}

function addedWords(what: string, count: number, effect: RangeDraft['effect'], isOnline: boolean): string {
  const done = effect === 'authorize' ? 'authorized' : 'denied';
  return `${what} ${plural(count, 'is', 'are')} ${done} ${isOnline ? 'now' : 'as soon as the service answers'}.`;
}

interface AddRangeFormProps {
  readonly draft: RangeDraft;
  readonly onDone: () => void;
}

function AddRangeForm({ draft, onDone }: AddRangeFormProps) {
  // Each initial draft has its own form, so that text typed into another one is not shown here.
  const form = useRangeForm(`range ${JSON.stringify(draft)}`, { ...draft, allowWide: false });
  const adding = useCall((range: RangeRequest) => bridge().calls.ranges.add(range));
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const readClock = useReadClock();

  const done = (): void => {
    form.finish();
    onDone();
  };
  const submit = (): void => {
    const request = form.submit(readClock());
    if (request === null) return;
    void adding.run(request).then((outcome) => {
      if (outcome?.ok !== true) return;
      const added = outcome.value.ranges;
      const what = added.length === 1 ? (added[0]?.cidr ?? '') : countOf(added.length, 'range');
      notifications.show({ message: addedWords(what, added.length, request.effect, isOnline) });
      useUi.setState({ rangesTab: request.effect });
      done();
    });
  };

  return (
    <Form onSubmit={submit}>
      <RangeFields form={form} failure={adding.failure} onChange={adding.reset} />
      <FormButtons
        submit={form.values.effect === 'authorize' ? 'Authorize range' : 'Deny range'}
        pending={adding.pending}
        onCancel={done}
      />
    </Form>
  );
}
