import { Modal } from '@mantine/core';
import { countAtStart, plural } from '#shared/words';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { serviceName } from '../../domain/connection-words';
import { useMirror } from '../../stores/mirror';
import { unsentCount } from '../../stores/mirror-model';
import { useUi } from '../../stores/ui';
import { useLastShown } from '../../ui/use-last-shown';
import { ConnectForm } from './connect-form';
import classes from './connection.module.css';
import { PlainConfirmation } from './plain-confirmation';

export function ConnectDialog() {
  const connectForm = useUi((ui) => ui.connectForm);
  const form = useLastShown(connectForm);
  const connection = useMirror((mirror) => mirror.connection);
  const close = (): void => useUi.setState({ connectForm: null });
  const isPlain =
    form?.why === 'token' && connection.kind === 'unauthorized' && connection.code === 'plain_address';
  return (
    <Modal
      opened={connectForm !== null}
      onClose={close}
      title={isPlain ? PLAIN_TITLE : form?.why === 'token' ? TOKEN_TITLE : 'Connect to another service'}
    >
      {form?.why === 'elsewhere' && <UnsentNote />}
      {isPlain && <SavedPlain url={connection.service.url} message={connection.message} onDone={close} />}
      {form !== null && !isPlain && (
        <ConnectForm url={form.url} tokenOnly={form.why === 'token'} onConnected={close} />
      )}
    </Modal>
  );
}

const PLAIN_TITLE = 'Send the token without encryption?';
const TOKEN_TITLE = 'Enter a new access token';

interface SavedPlainProps {
  readonly url: string;
  readonly message: string;
  readonly onDone: () => void;
}

/** Asks about a token that this computer has already. */
function SavedPlain({ url, message, onDone }: SavedPlainProps) {
  const allowing = useCall((url: string) => bridge().calls.connection.allowPlain({ url }));
  return (
    <PlainConfirmation
      message={message}
      pending={allowing.pending}
      failure={allowing.failure}
      onCancel={onDone}
      onAllow={() => {
        void allowing.run(url).then((outcome) => {
          if (outcome?.ok === true) onDone();
        });
      }}
    />
  );
}

/** Queued operations belong to the account that they were made for, so they do not move to another one. */
function UnsentNote() {
  const unsent = useMirror((mirror) => unsentCount(mirror.sync));
  const connection = useMirror((mirror) => mirror.connection);
  if (unsent === 0 || connection.kind === 'none') return null;
  const them = plural(unsent, 'it', 'them');
  return (
    <p className={classes.unsent} role="note">
      {countAtStart(unsent, 'change')} {plural(unsent, 'has', 'have')} not reached{' '}
      {serviceName(connection.service)}. Nothing is lost: this computer keeps {them}, and sends {them} when
      you connect there again.
    </p>
  );
}
