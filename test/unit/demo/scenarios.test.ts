import { readFileSync } from 'node:fs';
import { Reader, type Response } from 'maxmind';
import { describe, expect, it } from 'vitest';
import {
  ABROAD,
  addressIn,
  CARRIERS,
  CLOUD_REGION,
  type Network,
  OFFICE_LINES,
  SCANNER,
  STRANGERS,
} from '#demo/traffic/networks';
import { randomFrom } from '#demo/traffic/random';
import { HISTORY_MS, LEAKED_KEY, visitsBefore, visitsInHour, type Visit } from '#demo/traffic/scenarios';
import { defaultFile } from '#service/geo/default-file';
import { geolocationOfRecord } from '#service/geo/mmdb-record';
import { SECOND_MS } from '#shared/durations';
import { cidrContains, parseAddress, parseCidr } from '#shared/ip/index';

const SEED = 'test';
const OWN = [...Object.values(OFFICE_LINES), ...Object.values(CARRIERS), ...ABROAD, ...CLOUD_REGION];

const countries = new Reader<Response>(readFileSync(defaultFile('country') ?? ''));

function isIn(networks: readonly Network[], ip: string): boolean {
  const parsed = parseAddress(ip);
  if (!parsed.ok) throw new Error(`${ip} is no address`);
  return networks.some(({ cidr }) => {
    const network = parseCidr(cidr);
    return network !== undefined && cidrContains(network, parsed.address);
  });
}

function addressesOf(visits: readonly Visit[], scenario: RegExp): readonly string[] {
  return [...new Set(visits.filter((visit) => scenario.test(visit.scenario)).map(({ ip }) => ip))];
}

describe('the networks of the demo', () => {
  it.each([...OWN, SCANNER, ...STRANGERS])('are of their country in the installed file: $cidr', (network) => {
    const random = randomFrom(network.cidr);
    const found = Array.from(
      { length: 300 },
      () => geolocationOfRecord(countries.get(addressIn(network, random))).country,
    );
    expect(new Set(found)).toEqual(new Set([network.country]));
  });
});

describe('the sample traffic', () => {
  const before = visitsBefore(SEED);
  const live = visitsInHour(SEED, 0);

  it('is the same for the same seed, and another for another one', () => {
    expect(visitsBefore(SEED)).toEqual(before);
    expect(visitsInHour(SEED, 0)).toEqual(live);
    expect(visitsBefore('another')).not.toEqual(before);
  });

  it('fills the month before the start, and goes on from it, in the order of time', () => {
    for (const visits of [before, live]) {
      expect(visits.map(({ at }) => at)).toEqual(visits.map(({ at }) => at).sort((a, b) => a - b));
    }
    expect(before[0]?.at).toBeGreaterThan(-HISTORY_MS);
    expect(before.at(-1)?.at).toBeLessThan(0);
    const calls = before.reduce((sum, visit) => sum + visit.calls, 0);
    expect(calls).toBeGreaterThan(20_000);
    expect(calls).toBeLessThan(50_000);
  });

  it('has honest callers in their own networks, and others elsewhere', () => {
    for (const { ip, isHonest } of [...before, ...live]) {
      expect(isIn(isHonest ? OWN : STRANGERS, ip), ip).toBe(true);
    }
  });

  it('has offices and a partner with fixed addresses, before the start and after it', () => {
    const offices = addressesOf(before, /^Office/);
    expect(offices).toHaveLength(5);
    expect(addressesOf(live, /^Office/).every((ip) => offices.includes(ip))).toBe(true);
    expect(addressesOf([...before, ...live], /^Partner/)).toHaveLength(1);
  });

  it('has staff and functions with changing addresses', () => {
    expect(addressesOf(before, /^Phone of Ana/).length).toBeGreaterThan(10);
    const functions = addressesOf(before, /^Serverless/);
    expect(functions.length).toBeGreaterThan(30);
    expect(functions.every((ip) => isIn(CLOUD_REGION, ip))).toBe(true);
  });

  it('has a stranger within half a minute, and then a key that leaks to many countries', () => {
    expect(live.find(({ scenario }) => scenario === 'Stranger')?.at).toBeLessThan(60 * SECOND_MS);
    const leak = live.filter(({ scenario }) => scenario === 'Leaked key');
    expect(new Set(leak.map(({ key }) => key))).toEqual(new Set([LEAKED_KEY]));
    expect(leak[0]?.at).toBeGreaterThan(30 * SECOND_MS);
    expect(leak[0]?.at).toBeLessThan(40 * SECOND_MS);
    const found = addressesOf(live, /^Leaked key/).map((ip) => countries.get(ip));
    expect(found.length).toBeGreaterThan(20);
    expect(new Set(found.map((record) => geolocationOfRecord(record).country)).size).toBeGreaterThan(5);
  });
});
