import { ActionIcon, Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconFilterOff, IconSearch, IconX } from '@tabler/icons-react';
import { useId } from 'react';
import { t } from '#shared/i18n/t';
import { emptyLogDraft } from '../../stores/log-draft';
import { changeLogDraft, useUi } from '../../stores/ui';
import { FACET_FIELDS, FACETS, useFacetWords } from './facet-fields';
import classes from './log.module.css';
import { ipProblem, isEmptyDraft } from './model';
import { TimeFilter } from './time-filter';

const VERDICTS = ['all', 'allowed', 'blocked'] as const;
/** Chosen among the counts, on the map or elsewhere. The verdict has a field. */
const CHIPS = FACET_FIELDS.filter((field) => field !== 'verdict');

export function FilterBar() {
  const draft = useUi((ui) => ui.logDraft);
  const problem = ipProblem(draft.ipText);
  const problemId = useId();
  const wordsOf = useFacetWords();
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
      <div className={classes.fields}>
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
      </div>
      {CHIPS.map((field) => {
        const { title, chosen, change } = FACETS[field];
        const value = chosen(draft);
        if (value === null) return null;
        const name = wordsOf(field, value, field === 'asn' ? (draft.network?.asName ?? null) : null);
        return (
          <Chosen
            key={field}
            name={name}
            label={t('log.showAny', { field: title(), name })}
            onClear={() => changeLogDraft(change(null, null))}
          />
        );
      })}
      <ActionIcon
        aria-label={t('log.clear')}
        title={t('log.clear')}
        className={classes.clear ?? ''}
        disabled={isEmptyDraft(draft)}
        onClick={() => useUi.setState({ logDraft: emptyLogDraft })}
      >
        <IconFilterOff size={16} aria-hidden />
      </ActionIcon>
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
