import { Fragment, type ReactNode } from 'react';
import classes from './text.module.css';

interface AddressTextProps {
  /** Canonical text of an address or a CIDR. */
  readonly value: string;
  readonly size?: 'sm' | 'lg' | 'xl';
}

const LONG_ADDRESS = 22;

/** Shows an address or CIDR as selectable monospace text. */
export function AddressText({ value, size = 'sm' }: AddressTextProps) {
  return (
    <span
      className={`${classes.address} ${classes[size]}`}
      data-long={value.length > LONG_ADDRESS ? '' : undefined}
    >
      {breakable(value)}
    </span>
  );
}

/** Lets a long address break between its groups. */
function breakable(value: string): ReactNode {
  return value.split(/(?<=:)/).map((group, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {group}
    </Fragment>
  ));
}
