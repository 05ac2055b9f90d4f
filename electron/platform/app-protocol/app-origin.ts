/** The only origin of the app's windows. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'gatehouse';
export const APP_PAGE = `${APP_SCHEME}://${APP_HOST}/index.html`;

/** Returns true if a URL has exactly the app's origin: `app://gatehouse.example` and `app://gatehouse:1` do not. */
export function isAppUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === `${APP_SCHEME}:` && host === APP_HOST && username === '' && password === '';
}
