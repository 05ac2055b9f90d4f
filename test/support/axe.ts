import axe from 'axe-core';

/**
 * What axe finds wrong with everything that is on screen now, a line each. Colours are left out: jsdom computes no styles.
 */
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
 * Buttons whose name leaves out what is seen on them, so that nobody can press them by saying it (WCAG 2.5.3). axe's own rule
 * needs a layout.
 */
function labelFindings(): readonly string[] {
  return [...document.querySelectorAll('button[aria-label]')].flatMap((button) => {
    const name = wordsOf(button.getAttribute('aria-label') ?? '');
    const seen = wordsOf(button.textContent);
    return name.includes(seen) ? [] : [`label in name: “${seen}” is not in “${name}”`];
  });
}

/** As one says it: without punctuation. */
function wordsOf(text: string): string {
  return ` ${text.toLowerCase()} `.replaceAll(/[^\p{L}\p{N}]+/gu, ' ');
}
