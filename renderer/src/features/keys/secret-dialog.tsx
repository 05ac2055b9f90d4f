import { Button, Modal } from '@mantine/core';
import { copyText } from '../../bridge/copy-text';
import { curlLine } from '../../domain/curl';
import { useMirror } from '../../stores/mirror';
import { useUi } from '../../stores/ui';
import { CopyButton } from '../../ui/copy-button';
import { SecretOnce } from '../../ui/secret-once';
import { useLastShown } from '../../ui/use-last-shown';
import classes from './keys.module.css';

/** Shows a new secret once, over any screen. Only its button closes it, so that a slip does not lose the secret. */
export function SecretDialog() {
  const newSecret = useUi((ui) => ui.newSecret);
  const shown = useLastShown(newSecret);
  const connection = useMirror((mirror) => mirror.connection);
  const close = (): void => useUi.setState({ newSecret: null });
  const curl = shown === null ? '' : curlLine(connection, shown.secret);
  return (
    <Modal
      opened={newSecret !== null}
      onClose={close}
      title={
        shown?.why === 'created'
          ? `Secret of the new key “${shown.keyName}”`
          : `New secret of “${shown?.keyName ?? ''}”`
      }
      size={560}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
    >
      {shown !== null && (
        <SecretOnce
          secret={shown.secret}
          curl={curl}
          copySecret={<CopyButton what="secret" onCopy={() => copyText(shown.secret)} />}
          copyCurl={<CopyButton what="command" onCopy={() => copyText(curl)} />}
        />
      )}
      <div className={classes.dialogButtons}>
        <Button onClick={close}>I have stored it</Button>
      </div>
    </Modal>
  );
}
