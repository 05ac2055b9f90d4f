import { Modal } from '@mantine/core';
import { useUi } from '../../stores/ui';
import { useLastShown } from '../../ui/use-last-shown';
import { ConnectForm } from './connect-form';

/** The form for a connection, as a dialog over any screen. */
export function ConnectDialog() {
  const connectForm = useUi((ui) => ui.connectForm);
  const form = useLastShown(connectForm);
  const close = (): void => useUi.setState({ connectForm: null });
  return (
    <Modal
      opened={connectForm !== null}
      onClose={close}
      title={form?.why === 'token' ? 'Enter a new access token' : 'Connect to another service'}
    >
      {form !== null && <ConnectForm url={form.url} tokenOnly={form.why === 'token'} onConnected={close} />}
    </Modal>
  );
}
