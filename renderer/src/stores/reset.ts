import { activityList } from './activity';
import { useAnswers } from './answers';
import { useDrafts } from './drafts';
import { useDesktop } from './desktop';
import { logList } from './log';
import { useMirror } from './mirror';
import { useNotifications } from './notifications';
import { useSession } from './session';
import { useSettled } from './settled';
import { resetUi } from './ui';

/** Restores the initial state of all stores, for tests. */
export function resetStores(): void {
  activityList.reset();
  logList.reset();
  resetUi();
  useAnswers.setState(useAnswers.getInitialState(), true);
  useDrafts.setState({}, true);
  useDesktop.setState(useDesktop.getInitialState(), true);
  useMirror.setState(useMirror.getInitialState(), true);
  useNotifications.setState(useNotifications.getInitialState(), true);
  useSettled.setState(useSettled.getInitialState(), true);
  useSession.setState(useSession.getInitialState(), true);
}
