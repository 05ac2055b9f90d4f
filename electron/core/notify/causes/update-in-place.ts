import type { Decision, Situation } from '../decision';

interface Update extends Pick<Extract<Decision, { do: 'update' }>, 'id' | 'announcement' | 'count'> {
  /** The shortest time between two changes. */
  readonly intervalMs: number;
}

/** Changes a notification on the screen if its text differs and nobody wants quiet. */
export function updateInPlace(
  { facts, history }: Situation,
  { id, announcement, count, intervalMs }: Update,
): readonly Decision[] {
  const shown = history.onScreen.get(id);
  if (shown === undefined || facts.quiet !== null) return [];
  if (JSON.stringify(shown.announcement) === JSON.stringify(announcement)) return [];
  const untilMs = shown.shownAtMs + intervalMs;
  return facts.nowMs < untilMs ? [{ do: 'wait', untilMs }] : [{ do: 'update', id, announcement, count }];
}
