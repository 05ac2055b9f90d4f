import type { Page } from 'playwright-core';

/**
 * Returns the names of operable elements that cannot be reached: after scrolling to them they are outside of the window or
 * covered. While a dialog is open only its elements count.
 */
export function outOfReach(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    /** Scrolling ends at whole pixels of the screen. */
    const SLACK = 4;
    const OPERABLE = 'button, input, select, textarea, a[href], [role="tab"], [role="menuitem"]';
    const dialogs = [...document.querySelectorAll('[role="dialog"]')].filter((each) =>
      each.checkVisibility(),
    );
    const scope = dialogs.at(-1) ?? document.body;
    const nameOf = (element: Element): string =>
      element.getAttribute('aria-label') ?? (element.textContent.trim() || element.outerHTML.slice(0, 120));
    /** Returns the visible element in place of an input that only screen readers see. */
    const drawn = (element: Element): Element => {
      const { width, height } = element.getBoundingClientRect();
      const label = element instanceof HTMLInputElement ? element.labels?.[0] : undefined;
      return width < 4 || height < 4 ? (label ?? element) : element;
    };
    const outside: string[] = [];
    for (const element of scope.querySelectorAll(OPERABLE)) {
      const target = drawn(element);
      if (
        !target.checkVisibility({ visibilityProperty: true }) ||
        element.closest('[aria-hidden="true"]') !== null
      )
        continue;
      target.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
      // Lists draw other rows when they are scrolled.
      await new Promise(requestAnimationFrame);
      if (!target.isConnected) continue;
      const { left, top, width, height } = target.getBoundingClientRect();
      if (width === 0 || height === 0) continue;
      const hit = document.elementFromPoint(left + width / 2, top + height / 2);
      const isHit = hit !== null && (target.contains(hit) || hit.contains(target));
      const isWhole = left >= -SLACK && left + width <= window.innerWidth + SLACK;
      if (!isHit || !isWhole || hit === document.body) {
        outside.push(
          `${nameOf(element)} (${Math.round(left)}+${Math.round(width)} of ${window.innerWidth}, ${Math.round(top)}; ${hit === null ? 'outside' : hit.outerHTML.slice(0, 80)})`,
        );
      }
    }
    return outside;
  });
}
