import { Fragment, type ReactNode } from 'react';
import classes from './text.module.css';

interface AddressTextProps {
  /** An address or a CIDR in canonical text. */
  readonly value: string;
  readonly size?: 'sm' | 'lg' | 'xl';
}

const LONG_ADDRESS = 22;

/** An address or CIDR in monospace with tabular digits, selectable. */
export function AddressText({ value, size = 'sm' }: AddressTextProps) {
  return (
    <span
      className={`${classes.address} ${classes[size]}`}
      data-long={value.length > LONG_ADDRESS ? '' : undefined}
    >
      {size === 'sm' ? value : breakable(value)}
    </span>
  );
}

/** Where it is too long for one line, an address breaks between its groups. */
const breakable = (value: string): ReactNode =>
  value.split(/(?<=:)/).map((group, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {group}
    </Fragment>
  ));
