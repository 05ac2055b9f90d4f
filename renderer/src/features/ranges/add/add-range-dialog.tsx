import { Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Effect, Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../../bridge/bridge';
import { useCall } from '../../../bridge/use-call';
import { RangeFields } from '../../../forms/range-fields';
import type { RangeRequest } from '../../../forms/range-values';
import { useRangeForm } from '../../../forms/use-range-form';
import { useMirror } from '../../../stores/mirror';
import { type RangeDraft, useUi } from '../../../stores/ui';
import { useReadClock } from '../../../ui/clock';
import { Form, FormButtons } from '../../../ui/form';
import { useLastShown } from '../../../ui/use-last-shown';

export function AddRangeDialog() {
  const rangeDraft = useUi((ui) => ui.rangeDraft);
  const draft = useLastShown(rangeDraft);
  const close = (): void => useUi.setState({ rangeDraft: null });
  return (
    <Modal opened={rangeDraft !== null} onClose={close} title={t('ranges.addTitle')} size={540}>
      {draft !== null && <AddRangeForm key={JSON.stringify(draft)} draft={draft} onDone={close} />}
    </Modal>
  );
}

function addedWords(added: readonly Range[], effect: Effect, isOnline: boolean): string {
  const when = isOnline ? 'added' : 'addedLater';
  const several = isOnline ? 'severalAdded' : 'severalAddedLater';
  const [range] = added;
  return added.length === 1 && range !== undefined
    ? t(`ranges.${when}_${effect}`, { range: range.cidr })
    : t(`ranges.${several}_${effect}`, { number: added.length });
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
      notifications.show({ message: addedWords(outcome.value.ranges, request.effect, isOnline) });
      useUi.setState({ rangesTab: request.effect, showsSources: false });
      done();
    });
  };

  return (
    <Form onSubmit={submit}>
      <RangeFields form={form} failure={adding.failure} onChange={adding.reset} />
      <FormButtons
        submit={t(`ranges.addNow_${form.values.effect}`)}
        pending={adding.pending}
        onCancel={done}
      />
    </Form>
  );
}
