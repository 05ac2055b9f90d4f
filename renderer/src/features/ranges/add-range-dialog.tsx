import { Modal } from '@mantine/core';
import { useUi } from '../../stores/ui';
import { useLastShown } from '../../ui/use-last-shown';
import { AddRangeForm } from './add-range-form';

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
