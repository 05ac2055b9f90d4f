import { create } from 'zustand';
import type { Bootstrap, Notice } from '#shared/ipc/app';
import type { Welcome } from '#shared/ipc/connection';
import { bridge } from '../bridge/bridge';
import { settle } from '../bridge/call';

/** Main's facts about itself, and its messages until they are dismissed. */
interface SessionState {
  readonly bootstrap: Bootstrap | null;
  readonly notices: readonly Notice[];
  readonly welcome: Welcome | null;
}

export const useSession = create<SessionState>(() => ({ bootstrap: null, notices: [], welcome: null }));

/** Subscribes to notices before it asks for the present ones. Returns a function that stops it. */
export function startSession(): () => void {
  let heardNotices = false;
  const unsubscribe = bridge().events.app.notices((notices) => {
    heardNotices = true;
    useSession.setState({ notices });
  });
  void settle(() => bridge().calls.app.bootstrap()).then((outcome) => {
    if (!outcome.ok) return;
    useSession.setState({ bootstrap: outcome.value });
    if (!heardNotices) useSession.setState({ notices: outcome.value.notices });
  });
  return unsubscribe;
}

/** Loads the first key and its curl line. Called again when the connection changes, because they may exist only then. */
export async function loadWelcome(): Promise<void> {
  const outcome = await settle(() => bridge().calls.welcome.get());
  if (outcome.ok) useSession.setState({ welcome: outcome.value });
}

export async function dismissWelcome(): Promise<void> {
  const outcome = await settle(() => bridge().calls.welcome.dismiss());
  if (outcome.ok) useSession.setState({ welcome: null });
}

export async function dismissNotice(id: string): Promise<void> {
  const outcome = await settle(() => bridge().calls.app.dismissNotice({ id }));
  if (!outcome.ok) return;
  useSession.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
}
