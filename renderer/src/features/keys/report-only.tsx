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
import { useLastShown } from '../../ui/use-last-shown';
import classes from './keys.module.css';

/**
 * Chooses whether what would be blocked of a key's calls is let in and reported. Loosening asks first, and so does
 * enforcing where it would block somebody who was let in lately.
 */
export function ReportOnly({ item: { id: keyId, name, reportOnly } }: { readonly item: Key }) {
  const refusal = useMirror((mirror) => refusalOf(mirror.account, 'authorized_ips'));
  const [asksAbout, setAsksAbout] = useState<'reporting' | 'enforcing' | null>(null);
  const updating = useCall((change: { readonly reportOnly: boolean; readonly confirmImpact?: boolean }) =>
    bridge().calls.keys.update({ keyId, ...change }),
  );
  const failureText = useFailureText(updating.failure);
  const change = (...changes: Parameters<typeof updating.run>): void => {
    void updating.run(...changes).then((outcome) => {
      if (outcome?.ok === true) setAsksAbout(null);
      else if (outcome?.failure.kind === 'conflict' && outcome.failure.code === 'would_block') {
        setAsksAbout('enforcing');
      }
    });
  };
  const lastAsked = useLastShown(asksAbout);
  const isEnforcing = lastAsked === 'enforcing';
  return (
    <div className={classes.section}>
      <Checkbox
        label={t('keys.reportOnly')}
        description={refusal ?? t('keys.reportOnlyHelp')}
        checked={reportOnly}
        disabled={refusal !== undefined || updating.pending}
        onChange={(event) =>
          event.currentTarget.checked ? setAsksAbout('reporting') : change({ reportOnly: false })
        }
      />
      {asksAbout === null && <FailureMessage failure={updating.failure} />}
      <ConfirmModal
        opened={asksAbout !== null}
        title={t(isEnforcing ? 'keys.enforceTitle' : 'keys.reportTitle', { name })}
        confirm={t(isEnforcing ? 'keys.enforceNow' : 'keys.reportNow')}
        danger
        pending={updating.pending}
        error={failureText?.message ?? null}
        onClose={() => {
          updating.reset();
          setAsksAbout(null);
        }}
        onConfirm={() =>
          change(isEnforcing ? { reportOnly: false, confirmImpact: true } : { reportOnly: true })
        }
      >
        {!isEnforcing && <p>{t('keys.reportLetsIn')}</p>}
      </ConfirmModal>
    </div>
  );
}
