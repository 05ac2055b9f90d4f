import { type FocusEvent, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

export interface KeptPosition {
  /** For the element whose content changes. */
  readonly area: {
    readonly ref: RefObject<HTMLDivElement | null>;
    readonly onFocus: () => void;
    readonly onBlur: (event: FocusEvent) => void;
  };
  /** Takes the focus once it ended, where that was on a button that is gone then. */
  readonly line: RefObject<HTMLDivElement | null>;
  /** Takes it when it is open again. */
  readonly heading: RefObject<HTMLHeadingElement | null>;
}

/**
 * What stays when buttons give way to a result, or come back: the height, because an answered card must not pull the next
 * one under the pointer, and the focus, but only where it was among these buttons.
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
        // Without one the focused button was disabled or is gone: then the focus is kept here.
        if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget)) hadFocus.current = false;
      },
    },
    line,
    heading,
  };
}
