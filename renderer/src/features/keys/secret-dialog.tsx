import { Button, Modal, Stack } from '@mantine/core';
import { t } from '#shared/i18n/t';
import { copyText } from '../../bridge/copy-text';
import { curlLine, serviceUrl } from '../../domain/curl';
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
  const { kind, name, secret } = shown;
  const close = (): void => useUi.setState({ newSecret: null });
  const isToken = kind === 'token';
  const command = isToken ? serviceUrl(connection) : curlLine(connection, secret);
  return (
    <Modal
      opened={newSecret !== null}
      onClose={close}
      title={t(`keys.secret_${kind}`, { name })}
      size={560}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
    >
      <Stack gap={10}>
        <p>{t(isToken ? 'keys.storeToken' : 'keys.storeIt')}</p>
        <CommandLine
          name={t('keys.secret')}
          command={secret}
          copy={<CopyButton what={t('keys.secretToCopy')} onCopy={() => copyText(secret)} />}
        />
        <p>{t(isToken ? 'keys.connectTo' : 'keys.tryIt')}</p>
        <CommandLine
          name={t(isToken ? 'keys.serviceAddress' : 'keys.command')}
          command={command}
          copy={
            <CopyButton
              what={t(isToken ? 'keys.addressToCopy' : 'keys.commandToCopy')}
              onCopy={() => copyText(command)}
            />
          }
        />
        <DialogButtons>
          <Button onClick={close}>{t('keys.stored')}</Button>
        </DialogButtons>
      </Stack>
    </Modal>
  );
}
