import { useEffect } from 'react';
import { logList, useLog } from '../../stores/log';
import { useUi } from '../../stores/ui';
import { filterOf, sameFilter } from './model';

const TYPING_MS = 200;

/** Applies the filter fields to the log after a pause in typing, so that not each key sends a request. */
export function useLogFilter(): void {
  const draft = useUi((ui) => ui.logDraft);
  useEffect(() => {
    const wanted = filterOf(draft);
    if (sameFilter(wanted, useLog.getState().filter)) return;
    const timer = setTimeout(() => {
      useUi.setState({ selectedAttemptId: null });
      logList.setFilter(wanted);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [draft]);
}
