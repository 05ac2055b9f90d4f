import { createRequire } from 'node:module';

const PACKAGE_FILE = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb';

/**
 * Returns the country file that is installed with the service, or undefined if its package is missing. Node's own
 * resolution finds it from the sources, from the built program and inside a packaged app.
 */
export function defaultCountryFile(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(PACKAGE_FILE);
  } catch {
    return undefined;
  }
}
