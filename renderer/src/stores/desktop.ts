import { create } from 'zustand';
import { setLanguage } from '#shared/i18n/language';
import type { DesktopState } from '#shared/ipc/desktop';
import { bridge } from '../bridge/bridge';
import { settle } from '../bridge/call';
import { follow, type Followed } from './follow';

export const useDesktop = create<Followed<DesktopState>>(() => ({ value: null, failure: null }));

/** Follows main until the returned function is called. */
export function startDesktop(): () => void {
  return follow(
    (listener) => bridge().events.desktop.changed(listener),
    () => settle(() => bridge().calls.desktop.state()),
    (followed) => {
      // Before the state, so that whoever renders for it has the language.
      if (followed.value !== null) setLanguage(followed.value.language);
      useDesktop.setState(followed);
    },
  );
}
