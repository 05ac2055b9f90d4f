import { CallsTimeline } from '../../forms/calls-timeline';
import { useLogFigures } from '../../stores/log-figures';
import { changeLogDraft, useUi } from '../../stores/ui';
import classes from './log.module.css';

/** Shows the allowed and blocked calls of the filtered log over time. Keeps its height while they are not known. */
export function LogTimeline() {
  const timeline = useLogFigures((figures) => figures.timeline);
  const fromMs = useUi((ui) => ui.logDraft.fromMs);
  const toMs = useUi((ui) => ui.logDraft.toMs);
  return (
    <div className={classes.timeline}>
      {timeline !== null && (
        <CallsTimeline
          timeline={timeline}
          asked={{ fromMs, toMs }}
          onChoose={changeLogDraft}
          onClear={() => changeLogDraft({ fromMs: null, toMs: null })}
        />
      )}
    </div>
  );
}
