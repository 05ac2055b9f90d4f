import { UnstyledButton } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useMemo } from 'react';
import { t } from '#shared/i18n/t';
import { useLeaks } from '../../stores/leaks';
import { useMirror } from '../../stores/mirror';
import { useNow } from '../../ui/clock';
import { needsOf } from './needs';
import classes from './overview.module.css';

/** What waits for a person, the most urgent first. Each leads to where it is answered. */
export function NeedsMe() {
  const nowMs = useNow();
  const account = useMirror((mirror) => mirror.account);
  const reviews = useMirror((mirror) => mirror.reviews);
  const sync = useMirror((mirror) => mirror.sync);
  const sources = useMirror((mirror) => mirror.sources);
  const leaks = useLeaks(({ byKey }) => byKey);
  const needs = useMemo(
    () => needsOf({ account, reviews, sync, sources, leaks, nowMs }),
    [account, reviews, sync, sources, leaks, nowMs],
  );
  if (needs.length === 0) {
    return (
      <p className={classes.allWell}>
        <IconCircleCheck size={16} aria-hidden />
        {t('overview.nothingNeeded')}
      </p>
    );
  }
  return (
    <ul className={classes.needs} aria-label={t('overview.needed')}>
      {needs.map(({ id, icon: Icon, tone, title, text, open }) => (
        <li key={id}>
          <UnstyledButton className={classes.need} data-tone={tone} onClick={open}>
            <Icon size={18} stroke={1.7} aria-hidden />
            <span className={classes.needLines}>
              <span className={classes.needTitle}>{title}</span> <span>{text}</span>
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
