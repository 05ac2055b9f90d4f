import { Button, Modal, Stack } from '@mantine/core';
import { t } from '#shared/i18n/t';
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
  const { keyName, secret, isNewKey } = shown;
  const close = (): void => useUi.setState({ newSecret: null });
  const curl = curlLine(connection, secret);
  return (
    <Modal
      opened={newSecret !== null}
      onClose={close}
      title={t(isNewKey ? 'keys.firstSecret' : 'keys.newSecret', { name: keyName })}
      size={560}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
    >
      <Stack gap={10}>
        <p>{t('keys.storeIt')}</p>
        <CommandLine
          name={t('keys.secret')}
          command={secret}
          copy={<CopyButton what={t('keys.secretToCopy')} onCopy={() => copyText(secret)} />}
        />
        <p>{t('keys.tryIt')}</p>
        <CommandLine
          name={t('keys.command')}
          command={curl}
          copy={<CopyButton what={t('keys.commandToCopy')} onCopy={() => copyText(curl)} />}
        />
        <DialogButtons>
          <Button onClick={close}>{t('keys.stored')}</Button>
        </DialogButtons>
      </Stack>
    </Modal>
  );
}
