import { Button, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '#shared/i18n/t';
import classes from './confirm-modal.module.css';
import { DialogButtons } from './form';
import { FormError } from './form-error';

interface ConfirmModalProps {
  readonly opened: boolean;
  readonly title: string;
  readonly children: ReactNode;
  /** A verb for the button, never "OK". */
  readonly confirm: string;
  readonly danger?: boolean;
  /** False while something in the dialog is still to be done. */
  readonly ready?: boolean;
  readonly pending: boolean;
  readonly error: string | null;
  readonly onConfirm: () => void;
  /** Words for the other button, which then does something of its own; Escape closes the dialog all the same. */
  readonly cancel?: string;
  readonly onCancel?: () => void;
  readonly onClose: () => void;
}

/** Asks before something that is hard to undo. Cancel has the focus, so that Enter alone does no harm. */
export function ConfirmModal(props: ConfirmModalProps) {
  const { opened, title, children, confirm, danger = false, ready = true, pending, error } = props;
  return (
    <Modal
      opened={opened}
      onClose={props.onClose}
      title={title}
      closeOnClickOutside={false}
      withCloseButton={false}
    >
      <Stack gap={14}>
        <div className={classes.text}>{children}</div>
        <FormError message={error} />
        <DialogButtons>
          <Button variant="default" onClick={props.onCancel ?? props.onClose} data-autofocus>
            {props.cancel ?? t('words.cancel')}
          </Button>
          <Button
            {...(danger ? { color: 'red' } : {})}
            loading={pending}
            disabled={!ready}
            onClick={props.onConfirm}
          >
            {confirm}
          </Button>
        </DialogButtons>
      </Stack>
    </Modal>
  );
}
