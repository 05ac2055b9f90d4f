import { Button } from '@mantine/core';

interface RetryButtonProps {
  readonly retrying: { readonly pending: boolean; readonly run: () => Promise<unknown> };
  readonly label: string;
}

/** Tries to connect again. The caller has the call, because it also shows why it failed. */
export function RetryButton({ retrying, label }: RetryButtonProps) {
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={retrying.pending}
      onClick={() => void retrying.run()}
    >
      {label}
    </Button>
  );
}
