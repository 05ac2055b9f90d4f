import { protocol, type Session } from 'electron';
import { APP_SCHEME } from './app-origin';
import { serveAsset } from './serve-asset';

/** Makes `app:` a scheme with origins and compiled scripts that are kept, as https is. Has to run before `ready`. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** Serves the app's windows from the folder of the built renderer. */
export function setUpAppProtocol(session: Session, rendererFolder: string): void {
  session.protocol.handle(APP_SCHEME, (request) => serveAsset(rendererFolder, request));
}
