import type { Connection } from '#shared/ipc/connection';

/** Returns a command that tries a key against the connected service, quoted for a POSIX shell. */
export function curlLine(connection: Connection, secret: string): string {
  const url = connection.kind === 'none' ? 'https://your-service' : connection.service.url;
  return `curl -i -H 'api-key: ${secret}' ${url.replace(/\/+$/, '')}/v1/check`;
}
