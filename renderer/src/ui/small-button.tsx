import { Button, type ButtonProps } from '@mantine/core';
import type { ComponentPropsWithoutRef } from 'react';

/** A button beside text: in a banner, a row or a message. */
export function SmallButton(props: ButtonProps & ComponentPropsWithoutRef<'button'>) {
  return <Button size="compact-xs" variant="default" {...props} />;
}
