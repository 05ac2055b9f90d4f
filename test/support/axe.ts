import axe from 'axe-core';

/** Returns axe's findings for the whole screen, a line each. Colours are left out, because jsdom computes no styles. */
export async function axeFindings(): Promise<readonly string[]> {
  const { violations } = await axe.run(document, {
    rules: {
      'color-contrast': { enabled: false },
    },
  });
  return [
    ...labelFindings(),
    ...violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    ),
  ];
}

/**
 * Returns the buttons whose name lacks their visible text, so that voice control cannot press them (WCAG 2.5.3). axe's own
 * rule needs a layout.
 */
function labelFindings(): readonly string[] {
  return [...document.querySelectorAll('button[aria-label]')].flatMap((button) => {
    const name = wordsOf(button.getAttribute('aria-label') ?? '');
    const seen = wordsOf(button.textContent);
    return name.includes(seen) ? [] : [`label in name: “${seen}” is not in “${name}”`];
  });
}

/** Speech has no punctuation. */
function wordsOf(text: string): string {
  return ` ${text.toLowerCase()} `.replaceAll(/[^\p{L}\p{N}]+/gu, ' ');
}
