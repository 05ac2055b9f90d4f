export const LINK_SCHEME = 'gatehouse';

const REVIEW_LINK = /^gatehouse:\/\/review\/([0-9A-HJKMNP-TV-Z]{26})\/?$/i;

/** Returns the id of the review that a link names, or undefined for any other link. */
export function reviewOfLink(link: string): string | undefined {
  return REVIEW_LINK.exec(link)?.[1]?.toUpperCase();
}

/** Returns the id in the first `gatehouse://review/<id>` among the arguments, or undefined. */
export function reviewOfArguments(argv: readonly string[]): string | undefined {
  for (const argument of argv) {
    const reviewId = reviewOfLink(argument);
    if (reviewId !== undefined) return reviewId;
  }
  return undefined;
}
