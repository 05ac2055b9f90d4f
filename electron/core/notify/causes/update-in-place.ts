import type { Announcement } from '../../ports';
import type { Facts } from '../facts';
import type { Decision, History } from '../decision';

export interface Update {
  readonly id: string;
  readonly announcement: Announcement;
  readonly count: number;
  /** The shortest time between two changes. */
  readonly intervalMs: number;
}

/** Changes a notification on the screen if its text differs and nobody wants quiet. */
export function updateInPlace(
  facts: Facts,
  history: History,
  { id, announcement, count, intervalMs }: Update,
): readonly Decision[] {
  const shown = history.onScreen.get(id);
  if (shown === undefined || facts.quiet !== null || isSame(shown.announcement, announcement)) return [];
  const untilMs = shown.shownAtMs + intervalMs;
  return facts.nowMs < untilMs ? [{ do: 'wait', untilMs }] : [{ do: 'update', id, announcement, count }];
}

const isSame = (a: Announcement, b: Announcement): boolean =>
  a.title === b.title &&
  a.body === b.body &&
  a.click === b.click &&
  a.urgency === b.urgency &&
  a.buttons.length === b.buttons.length &&
  a.buttons.every((button, index) => button.id === b.buttons[index]?.id);
