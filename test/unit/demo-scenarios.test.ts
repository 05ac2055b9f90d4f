import { open } from 'maxmind';
import { describe, expect, it } from 'vitest';
import {
  ABROAD,
  CARRIERS,
  CLOUD_REGION,
  OFFICE_LINES,
  STRANGERS,
  type Network,
} from '#demo/traffic/networks';
import { HISTORY_MS, LEAKED_KEY, visitsBefore, visitsInHour, type Visit } from '#demo/traffic/scenarios';
import { defaultCountryFile } from '#service/geo/default-country-file';
import { countryOf } from '#service/geo/mmdb-record';
import { cidrContains, firstAddress, formatAddress, lastAddress, parseAddress, parseCidr } from '#shared/ip/index';
import { MINUTE_MS } from '#shared/durations';

const SEED = 'test';

function networkOf(ip: string): Network | undefined {
  const parsed = parseAddress(ip);
  if (!parsed.ok) throw new Error(`${ip} is no address`);
  const own = [...Object.values(OFFICE_LINES), ...Object.values(CARRIERS), ...ABROAD, ...CLOUD_REGION];
  return [...own, ...STRANGERS].find(({ cidr }) => {
    const network = parseCidr(cidr);
    return network !== undefined && cidrContains(network, parsed.address);
  });
}
