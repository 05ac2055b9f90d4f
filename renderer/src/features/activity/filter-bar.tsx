import { SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { t } from '#shared/i18n/t';
import { activityList, useActivity } from '../../stores/activity';
import classes from './activity.module.css';

const ACTORS = ['all', 'user', 'email', 'system'] as const;
const TYPING_MS = 200;

export function FilterBar() {
  const filter = useActivity((activity) => activity.filter);
  const [text, setText] = useState(filter.text ?? '');
  useEffect(() => {
    if (text.trim() === (useActivity.getState().filter.text ?? '')) return;
    const timer = setTimeout(() => {
      const { text: _, ...others } = useActivity.getState().filter;
      activityList.setFilter(text.trim() === '' ? others : { ...others, text: text.trim() });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className={classes.filters} role="search" aria-label={t('activity.filter')}>
      <SegmentedControl
        aria-label={t('activity.doneBy')}
        data={ACTORS.map((value) => ({ value, label: t(`activity.by_${value}`) }))}
        value={filter.actorKind ?? 'all'}
        onChange={(value) => {
          const { actorKind: _, ...others } = filter;
          const isKind = value === 'user' || value === 'email' || value === 'system';
          activityList.setFilter(isKind ? { ...others, actorKind: value } : others);
        }}
      />
      <TextInput
        aria-label={t('activity.search')}
        placeholder={t('activity.searchHint')}
        className={classes.text}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={text}
        spellCheck={false}
        maxLength={200}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </div>
  );
}
