import { Modal } from '@mantine/core';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { useMirror } from '../../stores/mirror';
import { useUi } from '../../stores/ui';
import { useLastShown } from '../../ui/use-last-shown';
import { ConnectForm } from './connect-form';
import { PlainConfirmation } from './plain-confirmation';

/** Asks for another access token of the shown account's service. */
export function TokenDialog() {
  const tokenFormUrl = useUi((ui) => ui.tokenFormUrl);
  const url = useLastShown(tokenFormUrl);
  const connection = useMirror((mirror) => mirror.connection);
  const close = (): void => useUi.setState({ tokenFormUrl: null });
  const isPlain = connection.kind === 'unauthorized' && connection.code === 'plain_address';
  return (
    <Modal
      opened={tokenFormUrl !== null}
      onClose={close}
      title={t(isPlain ? 'connection.plainTitle' : 'connection.tokenTitle')}
    >
      {isPlain && <SavedPlain url={connection.service.url} message={connection.message} onDone={close} />}
      {url !== null && !isPlain && <ConnectForm url={url} tokenOnly onConnected={close} />}
    </Modal>
  );
}

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
