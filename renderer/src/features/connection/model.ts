/** Problems by field; null if there is none. */
export interface ConnectProblems {
  readonly url: string | null;
  readonly token: string | null;
}

/** Checks the fields before anything is sent. */
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

export function hasProblem(problems: ConnectProblems): boolean {
  return problems.url !== null || problems.token !== null;
}
