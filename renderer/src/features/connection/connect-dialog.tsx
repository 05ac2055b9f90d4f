import { Modal } from '@mantine/core';
import { serviceName } from '../../domain/connection-words';
import { useMirror } from '../../stores/mirror';
import { unsentCount } from '../../stores/mirror-model';
import { useUi } from '../../stores/ui';
import { countOf } from '../../ui/format';
import { useLastShown } from '../../ui/use-last-shown';
import { ConnectForm } from './connect-form';
import classes from './connection.module.css';

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
      {form?.why === 'elsewhere' && <UnsentNote />}
      {form !== null && <ConnectForm url={form.url} tokenOnly={form.why === 'token'} onConnected={close} />}
    </Modal>
  );
}

/** Edits belong to the account that they were made for: they stay behind with it. */
function UnsentNote() {
  const unsent = useMirror((mirror) => unsentCount(mirror.sync));
  const connection = useMirror((mirror) => mirror.connection);
  if (unsent === 0 || connection.kind === 'none') return null;
  const [edits, them] = unsent === 1 ? ['One edit has', 'it'] : [`${countOf(unsent, 'edit')} have`, 'them'];
  return (
    <p className={classes.unsent} role="note">
      {edits} not reached {serviceName(connection.service)}. Nothing is lost: this computer keeps {them}, and
      sends {them} when you connect there again.
    </p>
  );
}
