import { useLayoutEffect, useRef } from 'react';
import { DURATIONS } from '../../../domain/durations';
import type { Duration } from '../../../stores/ui';
import { GUARD_MS } from '../../../ui/use-armed';
import { hasOverlay } from '../../../ui/overlays';

/** Actions for keys in the approval window; null if the action is not possible now. */
export interface ApprovalActions {
  /** Enter: authorizes, or goes on to the next review after the answer. */
  readonly confirm: (() => void) | null;
  readonly deny: (() => void) | null;
  readonly undo: (() => void) | null;
  /** Digits 1 to 4. */
  readonly chooseDuration: ((duration: Duration) => void) | null;
  readonly close: () => void;
}

const TEXT_FIELDS = ['input:not([type="radio"]):not([type="checkbox"])', 'textarea', 'select'].join(', ');
/** Enter presses buttons and links by itself; on a checkbox, confirming would be a surprise. */
const WITH_ENTER_OF_ITS_OWN = ['button', 'a', 'input[type="checkbox"]'].join(', ');

/**
 * Handles the keys of the approval window. It may appear over whatever a person is typing into, so keys count only if none
 * was pressed for GUARD_MS since `shown` changed or the window got the focus. Escape decides nothing and always counts.
 */
export function useApprovalKeys(shown: string, actions: ApprovalActions): void {
  const latest = useRef(actions);
  useLayoutEffect(() => {
    latest.current = actions;
  });
  const quietSinceMs = useRef(0);
  useLayoutEffect(() => {
    quietSinceMs.current = performance.now();
  }, [shown]);
  // The capture phase, and registration before any dialog does the same, make sure that a menu or dialog that closes with
  // Escape is still there when the handler looks for it.
  useLayoutEffect(() => {
    const beQuiet = (): void => {
      quietSinceMs.current = performance.now();
    };
    const isQuiet = (): boolean => performance.now() - quietSinceMs.current >= GUARD_MS;
    const handle = (event: KeyboardEvent): void => {
      if (event.isComposing) return;
      if (hasOverlay()) return;
      if (event.key === 'Escape') {
        latest.current.close();
        return;
      }
      if (!isQuiet()) {
        beQuiet();
        return;
      }
      const action = event.repeat ? null : actionOf(event, latest.current);
      if (action === null) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', handle, true);
    window.addEventListener('focus', beQuiet);
    return () => {
      window.removeEventListener('keydown', handle, true);
      window.removeEventListener('focus', beQuiet);
    };
  }, []);
}

function actionOf(event: KeyboardEvent, actions: ApprovalActions): (() => void) | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const within = (selector: string): boolean =>
    event.target instanceof Element && event.target.closest(selector) !== null;
  if (event.key === 'Enter') return within(WITH_ENTER_OF_ITS_OWN) ? null : actions.confirm;
  if (within(TEXT_FIELDS)) return null;
  const key = event.key.toLowerCase();
  if (key === 'd') return actions.deny;
  if (key === 'u') return actions.undo;
  const duration = DURATIONS[Number(key) - 1];
  const choose = actions.chooseDuration;
  return duration === undefined || choose === null ? null : () => choose(duration.value);
}
