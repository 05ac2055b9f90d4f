import { NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type LocalLog, LOG_LIMITS, type LogLimit } from '#shared/ipc/log';
import { countOf, formatCount, plural } from '#shared/words';
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
    <Section title="Log on this computer">
      <NativeSelect
        label="Keep at most"
        description={`${countOf(log.rows, 'row')} of this account’s log ${plural(log.rows, 'is', 'are')} here now, to be read and searched at once and without a connection. Above the limit the oldest rows go first. The service keeps its own log.`}
        className={classes.choice ?? ''}
        classNames={{ wrapper: classes.narrow ?? '' }}
        data={LOG_LIMITS.map((each) => ({ value: String(each), label: `${formatCount(each)} rows` }))}
        value={String(log.limit)}
        disabled={keeping.pending}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <FailureMessage failure={keeping.failure} />
    </Section>
  );
}
