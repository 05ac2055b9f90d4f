import { Button, Modal, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Key } from '#shared/domain/entities';
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
      title={`Rotate “${key?.name ?? ''}”: give it a new secret`}
    >
      {key !== null && <RotateForm target={key} onDone={onClose} />}
    </Modal>
  );
}

function RotateForm({ target, onDone }: { readonly target: Key; readonly onDone: () => void }) {
  const [grace, setGrace] = useState<string>(GRACES[0].value);
  const rotating = useCall((keyId: string, graceSeconds: number) =>
    bridge().calls.keys.rotate({ keyId, graceSeconds }),
  );

  const submit = (): void => {
    void rotating.run(target.id, Number(grace)).then((outcome) => {
      if (outcome?.ok !== true) return;
      onDone();
      useUi.setState({ newSecret: { keyName: target.name, secret: outcome.value.secret, why: 'updated' } });
    });
  };
  return (
    <Stack gap={14}>
      <Radio.Group label="The secret that is in use now" value={grace} onChange={setGrace}>
        <Stack gap={8} mt={8}>
          {GRACES.map(({ value, words }) => (
            <Radio key={value} value={value} label={words} size="xs" />
          ))}
        </Stack>
      </Radio.Group>
      <p className={classes.dialogText}>
        {grace === '0'
          ? 'Every caller that uses the old secret is blocked until it has the new one.'
          : 'Callers have this long to change to the new secret. Both work until then.'}
      </p>
      <FailureMessage failure={rotating.failure} />
      <DialogButtons>
        <Button variant="default" onClick={onDone} data-autofocus>
          Cancel
        </Button>
        <Button loading={rotating.pending} onClick={submit}>
          Make a new secret
        </Button>
      </DialogButtons>
    </Stack>
  );
}
