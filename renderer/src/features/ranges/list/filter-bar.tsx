import { ActionIcon, NativeSelect, TextInput } from '@mantine/core';
import { IconFilterOff, IconSearch } from '@tabler/icons-react';
import { useShallow } from 'zustand/react/shallow';
import { type RangeSource, rangeSourceSchema } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { useMirror } from '../../../stores/mirror';
import { emptyRangesFilter, filterRanges, RANGE_ENDS, useRangesList } from '../../../stores/ranges-list';
import { useUi } from '../../../stores/ui';
import classes from '../ranges.module.css';
import { isEmptyFilter } from './find-ranges';

const SOURCES: readonly RangeSource[] = rangeSourceSchema.options;
const DAYS = [7, 30, 90, 180, 365] as const;

/** Stands for the ranges of all keys, whose filter is the empty id. */
const ALL_KEYS = 'all';

export function clearFilters(): void {
  filterRanges(emptyRangesFilter);
  useUi.setState({ rangesSearch: '' });
}

/** The filters of the list. Denied ranges have no uses, and so no filter by use. */
export function FilterBar({ hasUses }: { readonly hasUses: boolean }) {
  const search = useUi((ui) => ui.rangesSearch);
  const filter = useRangesList((list) => list.filter);
  const { source, keyId, ends, unusedDays } = filter;
  const keys = useMirror(
    useShallow((mirror) => [...mirror.keys.values()].sort((a, b) => a.name.localeCompare(b.name))),
  );
  return (
    <div className={classes.filters} role="search" aria-label={t('ranges.filter')}>
      <TextInput
        aria-label={t('ranges.search')}
        placeholder={t('ranges.searchExample')}
        className={classes.search}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={search}
        spellCheck={false}
        onChange={(event) => useUi.setState({ rangesSearch: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label={t('ranges.source')}
        className={classes.select}
        data={[
          { value: '', label: t('ranges.anySource') },
          ...SOURCES.map((value) => ({ value, label: t(`ranges.source_${value}`) })),
        ]}
        value={source ?? ''}
        onChange={({ currentTarget: { value } }) =>
          filterRanges({ source: SOURCES.find((each) => each === value) ?? null })
        }
      />
      <NativeSelect
        aria-label={t('ranges.apiKey')}
        className={classes.select}
        data={[
          { value: '', label: t('ranges.anyKey') },
          { value: ALL_KEYS, label: t('ranges.forAllKeys') },
          ...keys.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={keyId === '' ? ALL_KEYS : (keyId ?? '')}
        onChange={({ currentTarget: { value } }) =>
          filterRanges({ keyId: value === ALL_KEYS ? '' : value || null })
        }
      />
      <NativeSelect
        aria-label={t('ranges.expires')}
        className={classes.select}
        data={[
          { value: '', label: t('ranges.anyEnd') },
          ...RANGE_ENDS.map((value) => ({ value, label: t(`ranges.ends_${value}`) })),
        ]}
        value={ends ?? ''}
        onChange={({ currentTarget: { value } }) =>
          filterRanges({ ends: RANGE_ENDS.find((each) => each === value) ?? null })
        }
      />
      {hasUses && (
        <NativeSelect
          aria-label={t('ranges.lastUsed')}
          className={classes.select}
          data={[
            { value: '', label: t('ranges.anyUse') },
            ...DAYS.map((days) => ({ value: String(days), label: t('ranges.unusedFor', { count: days }) })),
          ]}
          value={unusedDays === null ? '' : String(unusedDays)}
          onChange={({ currentTarget: { value } }) =>
            filterRanges({ unusedDays: DAYS.find((days) => String(days) === value) ?? null })
          }
        />
      )}
      <ActionIcon
        aria-label={t('ranges.clearFilters')}
        title={t('ranges.clearFilters')}
        className={classes.clear ?? ''}
        disabled={search === '' && isEmptyFilter(filter)}
        onClick={clearFilters}
      >
        <IconFilterOff size={16} aria-hidden />
      </ActionIcon>
    </div>
  );
}
