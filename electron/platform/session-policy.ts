import { app, type Session } from 'electron';
import type { Log } from '../core/ports';
import { isAppUrl } from './app-protocol/app-origin';

/** The developer tools load their own files from here. */
const DEVTOOLS = 'devtools://';

/**
 * Closes Chromium's own network, because its own fetches pass no session handler. The console's requests go through Node.
 * Must run before `ready`.
 */
export function closeNetwork(): void {
  // Dictionaries, components, field trials, certificates and proxy scripts then resolve no name and reach no address.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  // This feature joins a multicast group to hide addresses, which WebRTC may not use here anyway.
  app.commandLine.appendSwitch('disable-features', 'WebRtcHideLocalIpsWithMdns');
}

/** Denies the windows permissions, devices and the network. */
export function setUpSessionPolicy(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
  // The spell checker would fetch dictionaries from the internet.
  session.setSpellCheckerLanguages([]);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, decide) => {
    decide({ cancel: !isAppUrl(url) && !url.startsWith(DEVTOOLS) });
  });
  session.on('will-download', (event) => event.preventDefault());
}

/** Denies navigation, redirects, new windows and webviews. */
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
    // WebRTC passes none of the other policies.
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}
