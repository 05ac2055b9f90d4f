import { NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type LocalLog, LOG_LIMITS, type LogLimit } from '#shared/ipc/log';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { useCall } from '../../bridge/use-call';
import { FailureMessage } from '../../forms/failure-message';
import { Section } from './section';
import classes from './settings.module.css';

export function LocalLogSection() {
  const [log, setLog] = useState<LocalLog | null>(null);
  const [asked, setAsked] = useState(0);
  const keeping = useCall((limit: LogLimit) => bridge().calls.log.keep({ limit }));
  useEffect(() => {
    let stopped = false;
    const load = async (): Promise<void> => {
      const outcome = await settle(() => bridge().calls.log.kept());
      if (outcome.ok && !stopped) setLog(outcome.value);
    };
    void load();
    return () => {
      stopped = true;
    };
  }, [asked]);

  if (log === null) return null;
  const choose = (text: string): void => {
    const limit = LOG_LIMITS.find((each) => String(each) === text);
    if (limit === undefined) return;
    setLog({ ...log, limit });
    void keeping.run(limit).then(() => setAsked((times) => times + 1));
  };
  return (
    <Section name="localLog">
      <NativeSelect
        label={t('settings.keepAtMost')}
        description={t('settings.localLogHelp', { count: log.rows })}
        className={classes.choice ?? ''}
        classNames={{ wrapper: classes.narrow ?? '' }}
        data={LOG_LIMITS.map((each) => ({ value: String(each), label: t('settings.rows', { count: each }) }))}
        value={String(log.limit)}
        disabled={keeping.pending}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <FailureMessage failure={keeping.failure} />
    </Section>
  );
}
