import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { Key } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { refusalOf } from '../../domain/permissions';
import { FailureMessage, useFailureText } from '../../forms/failure-message';
import { useMirror } from '../../stores/mirror';
import { ConfirmModal } from '../../ui/confirm-modal';
import classes from './keys.module.css';

/** Whether what would be blocked of a key's calls is let in and reported. Loosening asks first. */
export function ReportOnly({ item: { id: keyId, name, reportOnly } }: { readonly item: Key }) {
  const refusal = useMirror((mirror) => refusalOf(mirror.account, 'authorized_ips'));
  const [isAsking, setAsking] = useState(false);
  const updating = useCall((wanted: boolean) => bridge().calls.keys.update({ keyId, reportOnly: wanted }));
  const failureText = useFailureText(updating.failure);
  const change = (wanted: boolean): void => {
    void updating.run(wanted).then((outcome) => {
      if (outcome?.ok === true) setAsking(false);
    });
  };
  return (
    <div className={classes.section}>
      <Checkbox
        label={t('keys.reportOnly')}
        description={refusal ?? t('keys.reportOnlyHelp')}
        checked={reportOnly}
        disabled={refusal !== undefined || updating.pending}
        onChange={(event) => (event.currentTarget.checked ? setAsking(true) : change(false))}
      />
      {!isAsking && <FailureMessage failure={updating.failure} />}
      <ConfirmModal
        opened={isAsking}
        title={t('keys.reportTitle', { name })}
        confirm={t('keys.reportNow')}
        danger
        pending={updating.pending}
        error={failureText?.message ?? null}
        onClose={() => {
          updating.reset();
          setAsking(false);
        }}
        onConfirm={() => change(true)}
      >
        <p>{t('keys.reportLetsIn')}</p>
      </ConfirmModal>
    </div>
  );
}
