/**
 * Where the link in a blocked call's message leads. The caller may be anybody, so the page tells nothing about the
 * account: it only says where the decision is made, and hands the review on to a console on the same computer.
 */
export const reviewPage = (reviewId: string | undefined): string => {
  const link =
    reviewId === undefined
      ? ''
      : `<p><a href="gatehouse://review/${reviewId}">Open it in Gatehouse</a></p>
<p>If nothing opens: the console is not on this computer, or not known to its desktop yet. In the console, Settings, “This
computer”, “In the menu of this desktop” makes it known. The review is under Pending in any case.</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Blocked address · Gatehouse</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1.5rem; color: #1b2a30; }
h1 { font-size: 1.35rem; }
a { color: #0b6e75; }
@media (prefers-color-scheme: dark) { body { background: #14191b; color: #dfe7e9; } a { color: #5cc8cf; } }
</style>
</head>
<body>
<h1>A call from an unrecognised IP address was blocked</h1>
<p>An administrator of the account decides in the Gatehouse console whether this address may use the API key.
Nothing is decided by opening this page.</p>
${link}
</body>
</html>
`;
};

export const REVIEW_PAGE_CSP =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
