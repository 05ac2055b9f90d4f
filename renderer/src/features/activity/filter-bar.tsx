import { SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { activityList, useActivity } from '../../stores/activity';
import classes from './activity.module.css';

const ACTORS = [
  { value: 'all', label: 'Everybody' },
  { value: 'user', label: 'People' },
  { value: 'email', label: 'E-mail links' },
  { value: 'system', label: 'The service' },
];
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
    <div className={classes.filters} role="search" aria-label="Filter the activity">
      <SegmentedControl
        aria-label="Done by"
        data={ACTORS}
        value={filter.actorKind ?? 'all'}
        onChange={(value) => {
          const { actorKind: _, ...others } = filter;
          const isKind = value === 'user' || value === 'email' || value === 'system';
          activityList.setFilter(isKind ? { ...others, actorKind: value } : others);
        }}
      />
      <TextInput
        aria-label="Search in the activity"
        placeholder="Name, address, label, key…"
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
