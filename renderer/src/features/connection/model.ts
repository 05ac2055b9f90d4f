/** Why what is typed cannot be a service's address or a token, by field; null where nothing is wrong. */
export interface ConnectProblems {
  readonly url: string | null;
  readonly token: string | null;
}

/** Checks on this side, so that a slip is told before anything is sent. */
export function checkConnect(url: string, token: string): ConnectProblems {
  return { url: urlProblem(url.trim()), token: token.trim() === '' ? 'Enter the access token.' : null };
}

function urlProblem(url: string): string | null {
  if (url === '') return 'Enter the address of the service, e.g. https://gatehouse.example.com.';
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return 'This is not a complete address. It starts with https:// or http://.';
  }
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    return 'The address has to start with https:// or http://.';
  }
  if (parsed.username !== '' || parsed.password !== '')
    return 'Leave user name and password out of the address.';
  return null;
}

export const hasProblem = (problems: ConnectProblems): boolean =>
  problems.url !== null || problems.token !== null;
