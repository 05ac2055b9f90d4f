import { type FocusEvent, type PointerEvent, useState } from 'react';

interface Busy {
  /** Somebody points at a pending review, or has the focus in the list or the panel. */
  readonly isBusy: boolean;
  /** For the element that has list and panel. */
  readonly listeners: {
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: () => void;
    readonly onBlur: (event: FocusEvent) => void;
  };
}

/** Tells if somebody is about to press something, so that nothing may move. */
export function useBusy(): Busy {
  const [isPointing, setIsPointing] = useState(false);
  const [hasFocus, setHasFocus] = useState(false);
  return {
    isBusy: isPointing || hasFocus,
    listeners: {
      // Pointer moves count, not elements that appear below a pointer at rest.
      onPointerMove: ({ target }) => setIsPointing(isOnPendingReview(target)),
      onPointerLeave: () => setIsPointing(false),
      onFocus: () => setHasFocus(true),
      onBlur: (event) => {
        // Moving from one button to the next does not leave the list.
        if (!staysInside(event)) setHasFocus(false);
      },
    },
  };
}

function isOnPendingReview(target: EventTarget): boolean {
  return target instanceof Element && target.closest('[data-pending]') !== null;
}

function staysInside({ relatedTarget, currentTarget }: FocusEvent): boolean {
  return relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
}
