export const LINK_SCHEME = 'gatehouse';

const REVIEW_LINK = /^gatehouse:\/\/review\/([0-9A-HJKMNP-TV-Z]{26})\/?$/i;

/** The review that a link names, or null when it is no link of ours. */
export function reviewOfLink(link: string): string | null {
  return REVIEW_LINK.exec(link)?.[1]?.toUpperCase() ?? null;
}

/** The review that a command line asks for: the first `gatehouse://review/<id>` among its arguments. */
export function reviewOfArguments(argv: readonly string[]): string | null {
  for (const argument of argv) {
    const reviewId = reviewOfLink(argument);
    if (reviewId !== null) return reviewId;
  }
  return null;
}
