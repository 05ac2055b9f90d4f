import { Button, Modal, Stack } from '@mantine/core';
import { copyText } from '../../bridge/copy-text';
import { curlLine } from '../../domain/curl';
import { useMirror } from '../../stores/mirror';
import { useUi } from '../../stores/ui';
import { CommandLine } from '../../ui/command-line';
import { CopyButton } from '../../ui/copy-button';
import { DialogButtons } from '../../ui/form';
import { useLastShown } from '../../ui/use-last-shown';

/** Shows a new secret once, over any screen. Only its button closes it, so that a slip does not lose the secret. */
export function SecretDialog() {
  const newSecret = useUi((ui) => ui.newSecret);
  const shown = useLastShown(newSecret);
  const connection = useMirror((mirror) => mirror.connection);
  if (shown === null) return null;
  const { keyName, secret, why } = shown;
  const close = (): void => useUi.setState({ newSecret: null });
  const curl = curlLine(connection, secret);
  return (
    <Modal
      opened={newSecret !== null}
      onClose={close}
      title={why === 'created' ? `Secret of the new key “${keyName}”` : `New secret of “${keyName}”`}
      size={560}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
    >
      <Stack gap={10}>
        <p>This is the only time that the secret is shown. Store it now where the caller reads it from.</p>
        <CommandLine
          name="Secret"
          command={secret}
          copy={<CopyButton what="secret" onCopy={() => copyText(secret)} />}
        />
        <p>To try it:</p>
        <CommandLine
          name="Command to try it"
          command={curl}
          copy={<CopyButton what="command" onCopy={() => copyText(curl)} />}
        />
        <DialogButtons>
          <Button onClick={close}>I have stored it</Button>
        </DialogButtons>
      </Stack>
    </Modal>
  );
}
