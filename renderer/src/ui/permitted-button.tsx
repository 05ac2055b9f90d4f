import { Button, type ButtonProps, Tooltip } from '@mantine/core';

interface PermittedButtonProps extends ButtonProps {
  /** The reason why it may not be pressed; undefined if it may. */
  readonly refusal: string | undefined;
  readonly onClick: () => void;
  readonly 'aria-label'?: string;
}

/** A button that may not be permitted. It can be reached all the same, so that it tells why. */
export function PermittedButton({ refusal, onClick, ...button }: PermittedButtonProps) {
  const isRefused = refusal !== undefined;
  return (
    <Tooltip label={refusal} disabled={!isRefused}>
      <Button
        {...button}
        aria-disabled={isRefused}
        {...(isRefused ? { 'data-disabled': true } : {})}
        onClick={isRefused ? (event) => event.preventDefault() : onClick}
      />
    </Tooltip>
  );
}
