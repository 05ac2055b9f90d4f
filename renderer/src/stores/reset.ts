import { setLanguage } from '#shared/i18n/language';
import { useAccounts } from './accounts';
import { activityList } from './activity';
import { useAnswers } from './answers';
import { useBatch, useRangeBatch } from './batch';
import { useDrafts } from './drafts';
import { useDesktop } from './desktop';
import { useLeaks } from './leaks';
import { logList } from './log';
import { resetLogFigures } from './log-figures';
import { resetOverview } from './overview';
import { useMirror } from './mirror';
import { useNotifications } from './notifications';
import { usePendingList } from './pending-list';
import { useRangesList } from './ranges-list';
import { useSession } from './session';
import { useSettled } from './settled';
import { resetUi } from './ui';

/** Restores the initial state of all stores, for tests. */
export function resetStores(): void {
  activityList.reset();
  logList.reset();
  resetLogFigures();
  resetOverview();
  resetUi();
  useAccounts.setState(useAccounts.getInitialState(), true);
  useAnswers.setState(useAnswers.getInitialState(), true);
  useBatch.setState(useBatch.getInitialState(), true);
  useRangeBatch.setState(useRangeBatch.getInitialState(), true);
  useDrafts.setState({}, true);
  setLanguage('en');
  useDesktop.setState(useDesktop.getInitialState(), true);
  useLeaks.setState(useLeaks.getInitialState(), true);
  useMirror.setState(useMirror.getInitialState(), true);
  useNotifications.setState(useNotifications.getInitialState(), true);
  usePendingList.setState(usePendingList.getInitialState(), true);
  useRangesList.setState(useRangesList.getInitialState(), true);
  useSettled.setState(useSettled.getInitialState(), true);
  useSession.setState(useSession.getInitialState(), true);
}
