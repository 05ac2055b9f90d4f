import { Button } from '@mantine/core';
import { t } from '#shared/i18n/t';
import type { Failure } from '#shared/ipc/failure';
import { FailureMessage } from '../../forms/failure-message';
import classes from './connection.module.css';

interface PlainConfirmationProps {
  /** Main's sentence about the address and about who could read the token. */
  readonly message: string;
  readonly pending: boolean;
  readonly failure?: Failure | null;
  readonly onAllow: () => void;
  readonly onCancel: () => void;
}

/** Asks before an access token goes to an address without encryption. Enter alone sends nothing. */
export function PlainConfirmation({
  message,
  pending,
  failure = null,
  onAllow,
  onCancel,
}: PlainConfirmationProps) {
  return (
    <div className={classes.confirmation} role="group" aria-label={t('connection.plain')}>
      <p role="alert">{message}</p>
      <FailureMessage failure={failure} />
      <div className={classes.answers}>
        <Button variant="default" autoFocus onClick={onCancel}>
          {t('connection.plainCancel')}
        </Button>
        <Button color="red" loading={pending} onClick={onAllow}>
          {t('connection.plainSend')}
        </Button>
      </div>
    </div>
  );
}
