import type { Connection } from '#shared/ipc/connection';

/** Returns the address of the connected service without a slash at its end. */
export function serviceUrl(connection: Connection): string {
  const url = connection.kind === 'none' ? 'https://your-service' : connection.service.url;
  return url.replace(/\/+$/, '');
}

/** Returns a command that tries a key against the connected service, quoted for a POSIX shell. */
export function curlLine(connection: Connection, secret: string): string {
  return `curl -i -H 'api-key: ${secret}' ${serviceUrl(connection)}/v1/check`;
}
