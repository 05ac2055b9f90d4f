import { Button, CloseButton, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { countOf } from '#shared/words';
import { DURATIONS, isDuration } from '../../../domain/durations';
import classes from '../pending.module.css';
import type { Choices } from '../model';
import { rememberedChoices } from '../answer/remembered-choices';

export interface BulkAnswer {
  readonly kind: 'authorize' | 'deny';
  readonly choices: Choices;
}

interface BulkChoicesProps {
  readonly count: number;
  readonly running: BulkAnswer['kind'] | null;
  readonly onAnswer: (answer: BulkAnswer) => void;
  readonly onClear: () => void;
}

export function BulkChoices({ count, running, onAnswer, onClear }: BulkChoicesProps) {
  const [choices, setChoices] = useState(rememberedChoices);
  const change = (changed: Partial<Choices>): void => setChoices({ ...choices, ...changed });
  const busy = running !== null;
  const subnets = choices.scope === 'subnet';
  return (
    <>
      <span className={classes.bulkCount}>{count} selected</span>
      <NativeSelect
        aria-label="What to authorize for each"
        data={[
          { value: 'address', label: 'each address' },
          { value: 'subnet', label: 'the subnet of each' },
        ]}
        value={choices.scope}
        disabled={busy}
        onChange={(event) => change({ scope: event.currentTarget.value === 'subnet' ? 'subnet' : 'address' })}
      />
      <NativeSelect
        aria-label="For which keys"
        data={[
          { value: 'all', label: 'for all keys' },
          { value: 'this', label: 'for its key only' },
        ]}
        value={choices.thisKeyOnly ? 'this' : 'all'}
        disabled={busy}
        onChange={(event) => change({ thisKeyOnly: event.currentTarget.value === 'this' })}
      />
      <NativeSelect
        aria-label="For how long"
        data={DURATIONS.map(({ value, words, seconds }) => ({
          value,
          label: seconds === null ? 'for good' : `for ${words}`,
        }))}
        value={choices.duration}
        disabled={busy}
        onChange={(event) => {
          const { value } = event.currentTarget;
          if (isDuration(value)) change({ duration: value });
        }}
      />
      <Button
        loading={running === 'authorize'}
        disabled={running === 'deny'}
        onClick={() => onAnswer({ kind: 'authorize', choices })}
      >
        Authorize {subnets ? countOf(count, 'subnet') : countOf(count, 'address', 'addresses')}
      </Button>
      <Button
        variant="default"
        loading={running === 'deny'}
        disabled={running === 'authorize'}
        onClick={() => onAnswer({ kind: 'deny', choices })}
      >
        Deny {count}
      </Button>
      <CloseButton size="sm" aria-label="Select none" disabled={busy} onClick={onClear} />
    </>
  );
}
