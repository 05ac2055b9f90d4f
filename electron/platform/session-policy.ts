import { app, type Session } from 'electron';
import type { Log } from '../core/ports';
import { isAppUrl } from './app-protocol/app-origin';

/** What the developer tools load for themselves. */
const DEVTOOLS = 'devtools://';

/**
 * Closes Chromium's own network for good: what it fetches by itself passes no handler of a session. Everything that the
 * console sends, main sends through Node. Has to run before `ready`.
 */
export function closeNetwork(): void {
  // No name and no address, whoever asks: dictionaries, components, field trials, certificates, proxies' scripts.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  // It joins a multicast group to hide addresses of this computer that WebRTC may not use here anyway.
  app.commandLine.appendSwitch('disable-features', 'WebRtcHideLocalIpsWithMdns');
}

/** Denies the windows everything that a page could ask a browser for: permissions, devices, the network. */
export function setUpSessionPolicy(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
  // It would fetch dictionaries from the internet.
  session.setSpellCheckerLanguages([]);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, decide) => {
    decide({ cancel: !isAppUrl(url) && !url.startsWith(DEVTOOLS) });
  });
  session.on('will-download', (event) => event.preventDefault());
}

/** Keeps every page where it is: no navigation, no redirect, no new window, no webview. */
export function setUpNavigationPolicy(log: Log): void {
  app.on('web-contents-created', (_created, contents) => {
    const refuse = (event: { readonly url: string; preventDefault(): void }): void => {
      log.warn('navigation.refused', { url: event.url });
      event.preventDefault();
    };
    contents.on('will-navigate', refuse);
    contents.on('will-frame-navigate', refuse);
    contents.on('will-redirect', refuse);
    contents.setWindowOpenHandler(({ url }) => {
      log.warn('window.refused', { url });
      return { action: 'deny' };
    });
    // WebRTC goes around all of this. Not by UDP, then.
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}
