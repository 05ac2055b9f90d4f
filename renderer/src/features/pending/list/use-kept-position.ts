import { type FocusEvent, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

export interface KeptPosition {
  /** For the element whose content changes. */
  readonly area: {
    readonly ref: RefObject<HTMLDivElement | null>;
    readonly onFocus: () => void;
    readonly onBlur: (event: FocusEvent) => void;
  };
  /** Receives the focus after the answer, if the focused button is gone. */
  readonly line: RefObject<HTMLDivElement | null>;
  /** Receives the focus when the review is pending again. */
  readonly heading: RefObject<HTMLHeadingElement | null>;
}

/**
 * Keeps the height when buttons give way to a result, because an answered card must not pull the next one under the
 * pointer. Keeps the focus if it was among these buttons.
 */
export function useKeptPosition(ended: boolean): KeptPosition {
  const area = useRef<HTMLDivElement>(null);
  const line = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const height = useRef(0);
  const hadFocus = useRef(false);

  useLayoutEffect(() => {
    if (area.current === null) return;
    area.current.style.minHeight = ended ? `${height.current}px` : '';
    if (!ended) height.current = area.current.offsetHeight;
  });
  useEffect(() => {
    const { activeElement } = document;
    if (!hadFocus.current || (activeElement !== null && activeElement !== document.body)) return;
    (ended ? line : heading).current?.focus({ preventScroll: true });
  }, [ended]);

  return {
    area: {
      ref: area,
      onFocus: () => {
        hadFocus.current = true;
      },
      onBlur: ({ relatedTarget, currentTarget }) => {
        // Without a related target the focused button was disabled or removed, so the focus is still ours.
        if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget)) hadFocus.current = false;
      },
    },
    line,
    heading,
  };
}
