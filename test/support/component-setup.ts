import { notifications } from '@mantine/notifications';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';
import { resetStores } from '../../renderer/src/stores/reset';

// On a busy machine a dialog takes longer to come than the library waits by itself.
configure({ asyncUtilTimeout: 5_000 });

/** What jsdom has not and the component library asks for: a window of a fixed size, without layout. */

const VIEW_WIDTH = 1000;
const VIEW_HEIGHT = 600;

class StillResizeObserver implements ResizeObserver {
  observe(): void {
    // Nothing changes its size here.
  }
  unobserve(): void {
    // See above.
  }
  disconnect(): void {
    // See above.
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
  // Drafts are read from it when stores begin anew.
  window.localStorage.clear();
  resetStores();
  // Only some are shown at a time: what one test told must not keep the next one waiting.
  notifications.clean();
});
