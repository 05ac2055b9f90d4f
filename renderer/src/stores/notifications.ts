import { create } from 'zustand';
import type { NotificationState } from '#shared/ipc/notifications';
import { bridge } from '../bridge/bridge';
import { settle } from '../bridge/call';
import { follow, type Followed } from './follow';

export const useNotifications = create<Followed<NotificationState>>(() => ({ value: null, failure: null }));

/** Follows main until the returned function is called. */
export function startNotifications(): () => void {
  return follow(
    (listener) => bridge().events.notifications.changed(listener),
    () => settle(() => bridge().calls.notifications.state()),
    (followed) => useNotifications.setState(followed),
  );
}

/** Returns true if nothing is announced about the key. */
export function isMuted(state: NotificationState | null, keyId: string): boolean {
  return state?.mutedKeyIds.includes(keyId) ?? false;
}
