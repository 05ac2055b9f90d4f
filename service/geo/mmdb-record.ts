import { cutText } from '#shared/domain/plain-text';
import { UNKNOWN_GEOLOCATION, type Geolocation } from './geolocation';

/**
 * Reads a record of an MMDB file of any of these publishers:
 * - MaxMind and DB-IP: `country.iso_code`, `subdivisions`, `autonomous_system_number`, `autonomous_system_organization`, the
 * latter two under `traits` in the large files;
 * - IPinfo: `country` or (Lite) `country_code`, where `country` is then the name; `region_code`; `asn: "AS13335"`, `as_name` or
 * `name`;
 * - ip-location-db: `country_code`, and MaxMind's names for the network; the file that comes with the service adds
 * `ipv4_addresses`.
 * MaxMind's `registered_country` is ignored, because it is the network's registration and not the address's position.
 */
export function geolocationOfRecord(record: unknown): Geolocation {
  if (!isFields(record)) return UNKNOWN_GEOLOCATION;
  const country = countryOf(record);
  const region = country === null ? null : regionOf(record);
  const asn = asnOf(record);
  const ipv4Addresses = record['ipv4_addresses'];
  return {
    country,
    ...(region !== null && { region: `${country}-${region}` }),
    asn,
    asName: asn === null ? null : asNameOf(record),
    ...(typeof ipv4Addresses === 'number' && { ipv4Addresses }),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Registries use these codes for several countries, or for "unknown". */
const NO_COUNTRY: ReadonlySet<string> = new Set(['EU', 'AP', 'XX', 'ZZ']);

function countryCode(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const code = value.trim().toUpperCase();
  return /^[A-Z]{2}$/.test(code) && !NO_COUNTRY.has(code) ? code : null;
}

function countryOf({ country, country_code: code }: Fields): string | null {
  return countryCode(isFields(country) ? country['iso_code'] : (code ?? country));
}

/** Returns the largest division of the country: its ISO 3166-2 code, or its English name where the file has no codes. */
function regionOf({ subdivisions, region_code: code, region }: Fields): string | null {
  const [largest] = Array.isArray(subdivisions) ? (subdivisions as readonly unknown[]) : [];
  if (!isFields(largest)) return name(code) ?? name(region);
  return name(largest['iso_code']) ?? (isFields(largest['names']) ? name(largest['names']['en']) : null);
}

const MAX_ASN = 0xffff_ffff;

function asnNumber(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(/^(?:AS)?(\d{1,10})$/i.exec(value.trim())?.[1]) : value;
  // Zero is reserved, and data sets write it for "no network".
  return typeof number === 'number' && Number.isInteger(number) && number > 0 && number <= MAX_ASN
    ? number
    : null;
}

function traitsOf(record: Fields): Fields {
  return isFields(record['traits']) ? record['traits'] : {};
}

function asnOf(record: Fields): number | null {
  return (
    asnNumber(record['autonomous_system_number']) ??
    asnNumber(record['asn']) ??
    asnNumber(traitsOf(record)['autonomous_system_number'])
  );
}

const MAX_NAME_LENGTH = 200;

function name(value: unknown): string | null {
  const text = typeof value === 'string' ? cutText(value.trim(), MAX_NAME_LENGTH) : '';
  return text === '' ? null : text;
}

function asNameOf(record: Fields): string | null {
  return (
    name(record['autonomous_system_organization']) ??
    name(record['as_name']) ??
    name(traitsOf(record)['autonomous_system_organization']) ??
    // Without IPinfo's own `asn` the name could be a city's.
    ('asn' in record ? name(record['name']) : null)
  );
}
