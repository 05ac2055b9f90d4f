/** The app's windows are served from here and nowhere else. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'gatehouse';
export const APP_PAGE = `${APP_SCHEME}://${APP_HOST}/index.html`;

/** Whether a URL is one of the app's own. Exact: `app://gatehouse.example` and `app://gatehouse:1` are not. */
export function isAppUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === `${APP_SCHEME}:` && host === APP_HOST && username === '' && password === '';
}
