import { Button, Modal, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Key } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { FailureMessage } from '../../forms/failure-message';
import { useUi } from '../../stores/ui';
import { DialogButtons } from '../../ui/form';
import { useLastShown } from '../../ui/use-last-shown';
import classes from './keys.module.css';
import { GRACES } from './model';

/** Makes a new secret for a key, over any screen. */
export function RotateDialog() {
  const target = useUi((ui) => ui.rotatedKey);
  const key = useLastShown(target);
  const onClose = (): void => useUi.setState({ rotatedKey: null });
  return (
    <Modal
      opened={target !== null}
      onClose={onClose}
      title={t('keys.rotateTitle', { name: key?.name ?? '' })}
    >
      {key !== null && <RotateForm target={key} onDone={onClose} />}
    </Modal>
  );
}

function RotateForm({ target, onDone }: { readonly target: Key; readonly onDone: () => void }) {
  const [grace, setGrace] = useState<string>(GRACES[0]);
  const rotating = useCall((keyId: string, graceSeconds: number) =>
    bridge().calls.keys.rotate({ keyId, graceSeconds }),
  );

  const submit = (): void => {
    void rotating.run(target.id, Number(grace)).then((outcome) => {
      if (outcome?.ok !== true) return;
      onDone();
      useUi.setState({ newSecret: { kind: 'rotatedKey', name: target.name, secret: outcome.value.secret } });
    });
  };
  return (
    <Stack gap={14}>
      <Radio.Group label={t('keys.oldSecret')} value={grace} onChange={setGrace}>
        <Stack gap={8} mt={8}>
          {GRACES.map((value) => (
            <Radio key={value} value={value} label={t(`keys.grace_${value}`)} size="xs" />
          ))}
        </Stack>
      </Radio.Group>
      <p className={classes.dialogText}>{grace === '0' ? t('keys.blockedUntilThen') : t('keys.bothWork')}</p>
      <FailureMessage failure={rotating.failure} />
      <DialogButtons>
        <Button variant="default" onClick={onDone} data-autofocus>
          {t('words.cancel')}
        </Button>
        <Button loading={rotating.pending} onClick={submit}>
          {t('keys.rotateNow')}
        </Button>
      </DialogButtons>
    </Stack>
  );
}
