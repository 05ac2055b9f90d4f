import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useId } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { t } from '#shared/i18n/t';
import { countryName, networkName } from '#shared/words';
import { LOGGED_REASONS, reasonWords } from '../../domain/reasons';
import { useMirror } from '../../stores/mirror';
import { changeLogDraft, emptyLogDraft, useUi } from '../../stores/ui';
import classes from './log.module.css';
import { ipProblem, isEmptyDraft } from './model';
import { TimeFilter } from './time-filter';

const VERDICTS = ['all', 'allowed', 'blocked'] as const;

export function FilterBar() {
  const draft = useUi((ui) => ui.logDraft);
  const problem = ipProblem(draft.ipText);
  const problemId = useId();
  const network = draft.network === null ? undefined : networkName(draft.network.asn, draft.network.asName);
  const keys = useMirror(
    useShallow((mirror) => [...mirror.keys.values()].sort((a, b) => a.name.localeCompare(b.name))),
  );
  return (
    <div className={classes.filters} role="search" aria-label={t('log.filter')}>
      <SegmentedControl
        aria-label={t('log.verdict')}
        data={VERDICTS.map((value) => ({ value, label: t(`log.verdict_${value}`) }))}
        value={draft.verdict ?? 'all'}
        onChange={(value) =>
          changeLogDraft({ verdict: value === 'allowed' || value === 'blocked' ? value : null })
        }
      />
      <TimeFilter />
      <NativeSelect
        aria-label={t('log.reason')}
        className={classes.select}
        data={[
          { value: '', label: t('log.anyReason') },
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
        aria-label={t('log.key')}
        className={classes.select}
        data={[
          { value: '', label: t('log.anyKey') },
          ...keys.map(({ id, name, status }) => ({
            value: id,
            label: status === 'active' ? name : t('log.revokedKey', { name }),
          })),
        ]}
        value={draft.keyId ?? ''}
        onChange={(event) => changeLogDraft({ keyId: event.currentTarget.value || null })}
      />
      <TextInput
        aria-label={t('log.addressOrRange')}
        placeholder={t('log.addressOrRange')}
        className={classes.ip}
        value={draft.ipText}
        error={problem !== null}
        aria-describedby={problem === null ? undefined : problemId}
        spellCheck={false}
        maxLength={200}
        onChange={(event) => changeLogDraft({ ipText: event.currentTarget.value })}
      />
      <TextInput
        aria-label={t('log.search')}
        placeholder={t('log.searchHint')}
        className={classes.text}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={draft.text}
        spellCheck={false}
        maxLength={200}
        onChange={(event) => changeLogDraft({ text: event.currentTarget.value })}
      />
      {draft.country !== null && (
        <Chosen
          name={countryName(draft.country)}
          label={t('log.showAnyCountry', { name: countryName(draft.country) })}
          onClear={() => changeLogDraft({ country: null })}
        />
      )}
      {network !== undefined && (
        <Chosen
          name={network}
          label={t('log.showAnyNetwork', { name: network })}
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
        {t('log.clear')}
      </Button>
      {problem !== null && (
        <p id={problemId} role="alert" className={classes.problem}>
          {t('log.doesNotFilter', { why: problem })}
        </p>
      )}
    </div>
  );
}

interface ChosenProps {
  readonly name: string;
  readonly label: string;
  readonly onClear: () => void;
}

/** A filter that has no field, because it is chosen elsewhere. */
function Chosen({ name, label, onClear }: ChosenProps) {
  return (
    <Button
      variant="light"
      aria-label={label}
      rightSection={<IconX size={14} aria-hidden />}
      className={classes.chosen ?? ''}
      onClick={onClear}
    >
      {name}
    </Button>
  );
}
