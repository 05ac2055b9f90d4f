import { Modal } from '@mantine/core';
import { useUi } from '../../stores/ui';
import { useLastShown } from '../../ui/use-last-shown';
import { EditRangeForm } from './edit-range-form';

export function EditRangeDialog() {
  const editedRange = useUi((ui) => ui.editedRange);
  const range = useLastShown(editedRange);
  const close = (): void => useUi.setState({ editedRange: null });
  return (
    <Modal
      opened={editedRange !== null}
      onClose={close}
      title="Edit range"
      size={540}
      // A click beside the dialog must not discard what was typed.
      closeOnClickOutside={false}
    >
      {range !== null && <EditRangeForm key={range.id} opened={range} onDone={close} />}
    </Modal>
  );
}
