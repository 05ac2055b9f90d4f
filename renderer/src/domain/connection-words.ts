import type { Connection, ServiceRef } from '#shared/ipc/connection';
import { serviceWords, toldState, troubleShort } from '#shared/ipc/service-words';
import { formatShortMoment } from '../ui/format';

export function serviceName(service: ServiceRef): string {
  if (service.kind === 'embedded') return 'This computer';
  try {
    return new URL(service.url).host;
  } catch {
    return service.url;
  }
}

export function trialRuntimeWords(version: string): string {
  return `This window runs on a stand-in runtime (Electron ${version}) that is for trying out only.`;
}

export function connectionWords(connection: Connection, nowMs: number): string {
  switch (connection.kind) {
    case 'none':
      return 'Not connected';
    case 'connecting':
      return 'Connecting…';
    case 'online':
      return withState('Online', connection);
    case 'unreachable':
      return troubleShort(connection.trouble, formatShortMoment(connection.since, nowMs));
    case 'unauthorized':
      if (connection.code === 'token_expired') return 'Access token expired';
      if (connection.code === 'plain_address') return 'Waits for your decision';
      if (connection.code === 'token_locked') return 'Key store locked';
      if (connection.code === 'token_waiting') return 'Waiting for the key store';
      return connection.code === 'token_missing' ? 'Access token needed' : 'Wrong access token';
    case 'failed':
      return 'Service did not start';
  }
}

/** Adds the state of the service, because "Online" alone would suggest that calls are answered as usual. */
function withState(words: string, connection: Connection): string {
  const told = serviceWords(toldState(connection));
  return told === undefined ? words : `${words}, ${told.short}`;
}
