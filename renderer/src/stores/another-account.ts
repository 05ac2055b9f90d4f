import { activityList } from './activity';
import { useBatch, useRangeBatch } from './batch';
import { useDrafts } from './drafts';
import { useLeaks } from './leaks';
import { logList } from './log';
import { resetLogFigures } from './log-figures';
import { resetOverview } from './overview';
import { usePendingList } from './pending-list';
import { forgetPlaces } from './places';
import { useRangesList } from './ranges-list';
import { closeForms } from './ui';

/** Drops what belongs to the account that was shown before: its log and trail, open forms, and what was typed in them. */
export function forgetShownAccount(): void {
  logList.reset();
  activityList.reset();
  resetLogFigures();
  resetOverview();
  closeForms();
  forgetPlaces();
  useBatch.setState(useBatch.getInitialState(), true);
  useRangeBatch.setState(useRangeBatch.getInitialState(), true);
  useDrafts.setState({}, true);
  useLeaks.setState(useLeaks.getInitialState(), true);
  usePendingList.setState(usePendingList.getInitialState(), true);
  useRangesList.setState(useRangesList.getInitialState(), true);
}
