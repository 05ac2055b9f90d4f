import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '#shared/i18n/t';
import classes from './form.module.css';

interface FormProps {
  /** Accessible name of a form that does not fill its dialog. */
  readonly label?: string;
  readonly className?: string | undefined;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

/** A form whose fields show their own problems, so the browser's checks are off. */
export function Form({ label, className = '', onSubmit, children }: FormProps) {
  return (
    <form
      className={`${classes.form} ${className}`}
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}

export function DialogButtons({ children }: { readonly children: ReactNode }) {
  return <div className={classes.buttons}>{children}</div>;
}

interface FormButtonsProps {
  readonly submit: string;
  readonly pending: boolean;
  readonly disabled?: boolean;
  readonly onCancel: () => void;
  /** Another button, at the start of the line. */
  readonly children?: ReactNode;
}

export function FormButtons({ submit, pending, disabled = false, onCancel, children }: FormButtonsProps) {
  return (
    <DialogButtons>
      {children}
      <Button variant="default" onClick={onCancel}>
        {t('words.cancel')}
      </Button>
      <Button type="submit" loading={pending} disabled={disabled}>
        {submit}
      </Button>
    </DialogButtons>
  );
}
