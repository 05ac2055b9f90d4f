import { CallsTimeline } from '../../forms/calls-timeline';
import { useLogFigures } from '../../stores/log-figures';
import { ANY_TIME } from '../../stores/log-draft';
import { useLog } from '../../stores/log';
import { changeLogDraft } from '../../stores/ui';
import classes from './log.module.css';

/** Shows the allowed and blocked calls of the filtered log over time. Keeps its height while they are not known. */
export function LogTimeline() {
  const timeline = useLogFigures((figures) => figures.timeline);
  const { fromMs = null, toMs = null } = useLog((log) => log.filter);
  return (
    <div className={classes.timeline}>
      {timeline !== null && (
        <CallsTimeline
          timeline={timeline}
          asked={{ fromMs, toMs }}
          onChoose={(time) => changeLogDraft({ ...ANY_TIME, ...time })}
          onClear={() => changeLogDraft(ANY_TIME)}
        />
      )}
    </div>
  );
}
