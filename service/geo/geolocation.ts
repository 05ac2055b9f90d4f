/** Where an address is, as far as the data says. Null where it does not. */
export interface Geolocation {
  /** ISO 3166 alpha-2. */
  readonly country: string | null;
  /** A part of the country (`DE-BE`), or a region as the cloud calls it; absent if the data do not say. */
  readonly region?: string;
  /** Number of the autonomous system, the network that announces the address. */
  readonly asn: number | null;
  readonly asName: string | null;
  /** The number of IPv4 addresses that the network announces. */
  readonly ipv4Addresses?: number;
}

export const UNKNOWN_GEOLOCATION: Geolocation = { country: null, asn: null, asName: null };

/** Looks addresses up; never throws, and answers {@link UNKNOWN_GEOLOCATION} for what it does not know. */
export interface Geolocations {
  lookup(ip: string): Geolocation;
}
