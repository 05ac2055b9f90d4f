import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './form-error.module.css';

interface FormErrorProps {
  readonly message: ReactNode | null;
}

export function FormError({ message }: FormErrorProps) {
  if (message === null || message === '') return null;
  return (
    <div className={classes.error} role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <span>{message}</span>
    </div>
  );
}
