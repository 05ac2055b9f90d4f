import { create } from 'zustand';
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
    (followed) => useDesktop.setState(followed),
  );
}
