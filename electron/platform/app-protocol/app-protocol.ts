import { protocol, type Session } from 'electron';
import { language } from '#shared/i18n/language';
import { APP_SCHEME } from './app-origin';
import { serveAsset } from './serve-asset';

/** Gives `app:` an origin and a code cache, as https has. Must run before `ready`. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** Serves the app's windows from the built renderer's folder, in the present language. */
export function setUpAppProtocol(session: Session, rendererFolder: string): void {
  session.protocol.handle(APP_SCHEME, (request) => serveAsset(rendererFolder, request, language()));
}
