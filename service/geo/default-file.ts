import { createRequire } from 'node:module';
import type { GeoRole } from './conventional-files';

const FILES: Readonly<Record<GeoRole, string>> = {
  country: '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb',
  // The build makes it: build/networks.ts.
  asn: '#networks/asn.mmdb',
};

/**
 * Returns the file that comes with the service, or undefined if it is missing. Node's own resolution finds it from the
 * sources, from the built program and inside a packaged app.
 */
export function defaultFile(role: GeoRole): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(FILES[role]);
  } catch {
    return undefined;
  }
}
