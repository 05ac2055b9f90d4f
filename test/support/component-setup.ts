import { notifications } from '@mantine/notifications';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';
import { resetStores } from '../../renderer/src/stores/reset';

// On a busy machine a dialog takes longer to come than the library's default.
configure({ asyncUtilTimeout: 15_000 });

/** The component library measures elements, and jsdom has no layout, so the window has a fixed size. */

const VIEW_WIDTH = 1000;
const VIEW_HEIGHT = 600;

class StillResizeObserver implements ResizeObserver {
  observe(): void {
    // Sizes never change here.
  }
  unobserve(): void {
    // Sizes never change here.
  }
  disconnect(): void {
    // Sizes never change here.
  }
}

class UnmatchedMedia extends EventTarget {
  readonly matches = false;
  readonly onchange = null;
  constructor(readonly media: string) {
    super();
  }
}

window.matchMedia = (query) => new UnmatchedMedia(query) as unknown as MediaQueryList;
window.ResizeObserver = StillResizeObserver;
Object.defineProperties(HTMLElement.prototype, {
  offsetWidth: { configurable: true, get: () => VIEW_WIDTH },
  offsetHeight: { configurable: true, get: () => VIEW_HEIGHT },
  clientHeight: { configurable: true, get: () => VIEW_HEIGHT },
});
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.scrollTo = function scrollTo(this: Element, to?: ScrollToOptions | number): void {
  this.scrollTop = typeof to === 'object' ? (to.top ?? 0) : 0;
  this.dispatchEvent(new Event('scroll'));
};

afterEach(() => {
  cleanup();
  // New stores read their drafts from it.
  window.localStorage.clear();
  window.history.replaceState(null, '', '/');
  resetStores();
  // Only some are shown at a time, so earlier ones would hold back the next test's.
  notifications.clean();
});
