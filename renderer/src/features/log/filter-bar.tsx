import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useId } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { countryName, networkName } from '#shared/words';
import { LOGGED_REASONS, reasonWords } from '../../domain/reasons';
import { useMirror } from '../../stores/mirror';
import { changeLogDraft, emptyLogDraft, useUi } from '../../stores/ui';
import classes from './log.module.css';
import { ipProblem, isEmptyDraft } from './model';
import { TimeFilter } from './time-filter';

const VERDICTS = [
  { value: 'all', label: 'All' },
  { value: 'allowed', label: 'Allowed' },
  { value: 'blocked', label: 'Blocked' },
];

export function FilterBar() {
  const draft = useUi((ui) => ui.logDraft);
  const problem = ipProblem(draft.ipText);
  const problemId = useId();
  const keys = useMirror(
    useShallow((mirror) => [...mirror.keys.values()].sort((a, b) => a.name.localeCompare(b.name))),
  );
  return (
    <div className={classes.filters} role="search" aria-label="Filter the log">
      <SegmentedControl
        aria-label="Verdict"
        data={VERDICTS}
        value={draft.verdict ?? 'all'}
        onChange={(value) =>
          changeLogDraft({ verdict: value === 'allowed' || value === 'blocked' ? value : null })
        }
      />
      <TimeFilter />
      <NativeSelect
        aria-label="Reason"
        className={classes.select}
        data={[
          { value: '', label: 'Any reason' },
          ...LOGGED_REASONS.map((reason) => ({ value: reason, label: reasonWords(reason) })),
        ]}
        value={draft.reason ?? ''}
        onChange={(event) =>
          changeLogDraft({
            reason: LOGGED_REASONS.find((reason) => reason === event.currentTarget.value) ?? null,
          })
        }
      />
      <NativeSelect
        aria-label="API key"
        className={classes.select}
        data={[
          { value: '', label: 'Any key' },
          ...keys.map(({ id, name, status }) => ({
            value: id,
            label: status === 'active' ? name : `${name} (revoked)`,
          })),
        ]}
        value={draft.keyId ?? ''}
        onChange={(event) => changeLogDraft({ keyId: event.currentTarget.value || null })}
      />
      <TextInput
        aria-label="Address or range"
        placeholder="Address or range"
        className={classes.ip}
        value={draft.ipText}
        error={problem !== null}
        aria-describedby={problem === null ? undefined : problemId}
        spellCheck={false}
        maxLength={200}
        onChange={(event) => changeLogDraft({ ipText: event.currentTarget.value })}
      />
      <TextInput
        aria-label="Search in the log"
        placeholder="Path, agent, key…"
        className={classes.text}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={draft.text}
        spellCheck={false}
        maxLength={200}
        onChange={(event) => changeLogDraft({ text: event.currentTarget.value })}
      />
      {draft.country !== null && (
        <Chosen
          what="Country"
          name={countryName(draft.country)}
          onClear={() => changeLogDraft({ country: null })}
        />
      )}
      {draft.network !== null && (
        <Chosen
          what="Network"
          name={networkName(draft.network.asn, draft.network.asName) ?? ''}
          onClear={() => changeLogDraft({ network: null })}
        />
      )}
      <Button
        variant="subtle"
        color="gray"
        px={8}
        disabled={isEmptyDraft(draft)}
        onClick={() => useUi.setState({ logDraft: emptyLogDraft })}
      >
        Clear
      </Button>
      {problem !== null && (
        <p id={problemId} role="alert" className={classes.problem}>
          {problem} The field does not filter as it is.
        </p>
      )}
    </div>
  );
}

interface ChosenProps {
  readonly what: string;
  readonly name: string;
  readonly onClear: () => void;
}

/** A filter that has no field, because it is chosen elsewhere. */
function Chosen({ what, name, onClear }: ChosenProps) {
  return (
    <Button
      variant="light"
      aria-label={`${what} ${name}: show any`}
      rightSection={<IconX size={14} aria-hidden />}
      className={classes.chosen ?? ''}
      onClick={onClear}
    >
      {name}
    </Button>
  );
}
