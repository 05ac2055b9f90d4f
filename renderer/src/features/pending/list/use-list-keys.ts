import { type RefObject, useLayoutEffect, useRef } from 'react';
import { stepOf } from '../../../ui/grid-keys';
import { hasOverlay } from '../../../ui/overlays';

/** What keys do in the list. Answers are pressed on the panel itself, so that they mean what it shows. */
export interface ListKeyActions {
  readonly rowCount: number;
  readonly cursorIndex: number;
  readonly pageRows: () => number;
  readonly move: (index: number, isSpan: boolean) => void;
  readonly select: () => void;
  readonly selectAll: () => void;
  readonly fold: (isFolded: boolean) => void;
  readonly openPanel: () => void;
  readonly back: () => void;
  readonly showNew: () => void;
  readonly showKeys: () => void;
}

const TEXT_FIELDS = ['input:not([type="radio"]):not([type="checkbox"])', 'textarea', 'select'].join(', ');
const WITH_ENTER_OF_ITS_OWN = ['button', 'a', 'input[type="checkbox"]'].join(', ');
const WITH_ARROWS_OF_ITS_OWN = 'input[type="radio"]';
const DURATION_CHOICES = '[data-durations] input';

/** Handles keys while the focus is in the area, or nowhere. */
export function useListKeys(area: RefObject<HTMLElement | null>, actions: ListKeyActions): void {
  const latest = useRef(actions);
  useLayoutEffect(() => {
    latest.current = actions;
  });
  useLayoutEffect(() => {
    const handle = (event: KeyboardEvent): void => {
      if (event.isComposing || event.altKey || area.current === null) return;
      const { target } = event;
      const isHere = target === document.body || (target instanceof Node && area.current.contains(target));
      if (!isHere || hasOverlay()) return;
      const action = actionOf(event, latest.current, area.current);
      if (action === null) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', handle);
    return () => window.removeEventListener('keydown', handle);
  }, [area]);
}

function actionOf(event: KeyboardEvent, actions: ListKeyActions, area: HTMLElement): (() => void) | null {
  const within = (selector: string): boolean =>
    event.target instanceof Element && event.target.closest(selector) !== null;
  if (event.key === 'Escape') return actions.back;
  if (within(TEXT_FIELDS)) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return key === 'a' ? actions.selectAll : null;

  const step = key === 'j' ? 'ArrowDown' : key === 'k' ? 'ArrowUp' : key;
  const { cursorIndex: selectedIndex, rowCount } = actions;
  const place = { selectedIndex, rowCount, pageRows: actions.pageRows(), firstInView: 0 };
  const next = rowCount === 0 ? null : stepOf(step, place);
  if (next !== null) {
    return step === key && within(WITH_ARROWS_OF_ITS_OWN) ? null : () => actions.move(next, event.shiftKey);
  }
  if (event.repeat) return null;
  const duration = [...area.querySelectorAll<HTMLInputElement>(DURATION_CHOICES)][Number(key) - 1];
  if (duration !== undefined) return () => duration.click();
  switch (key) {
    case 'Enter':
      return within(WITH_ENTER_OF_ITS_OWN) ? null : actions.openPanel;
    case 'd':
    case 'u':
      return () => buttonWith(area, key.toUpperCase())?.click();
    case 'x':
      return actions.select;
    case ' ':
      return within('[role="grid"]') ? actions.select : null;
    case 'ArrowLeft':
    case 'ArrowRight':
      return within(WITH_ARROWS_OF_ITS_OWN) ? null : () => actions.fold(key === 'ArrowLeft');
    case 'n':
      return actions.showNew;
    case '?':
      return actions.showKeys;
    default:
      return null;
  }
}

/** Returns the button on screen that a key stands for. It guards itself against input that comes too early. */
export function buttonWith(area: HTMLElement, shortcut: string): HTMLElement | null {
  return area.querySelector<HTMLElement>(`button[aria-keyshortcuts="${shortcut}"]`);
}
