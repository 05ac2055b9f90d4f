import { resetLog } from './log';
import { useMirror } from './mirror';
import { useSession } from './session';
import { useSettled } from './settled';
import { resetUi } from './ui';

/** All stores as at the start of the window. Tests call it between each other. */
export function resetStores(): void {
  resetLog();
  resetUi();
  useMirror.setState(useMirror.getInitialState(), true);
  useSettled.setState(useSettled.getInitialState(), true);
  useSession.setState(useSession.getInitialState(), true);
}
