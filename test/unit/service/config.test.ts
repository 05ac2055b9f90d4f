import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseDurationMs, parseListen, readConfig, SettingError, SETTINGS } from '#service/config';
import { formatCidr } from '#shared/ip/index';

describe('settings', () => {
  it('all have defaults', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8787,
      ownerToken: undefined,
      keyHeaders: ['api-key', 'x-api-key', 'authorization'],
      clientHeader: 'x-forwarded-for',
      foldWindowMs: 60_000,
      onError: 'deny',
      echoIp: true,
      publicUrl: undefined,
      countryMmdb: undefined,
      asnMmdb: undefined,
      blocklists: [],
    });
    expect(config.trustedProxies.map(formatCidr)).toEqual(['127.0.0.0/8', '::1/128']);
  });

  it('stand in the documentation, with their defaults', () => {
    const pages = readdirSync('docs')
      .filter((name) => name.endsWith('.md'))
      .map((name) => readFileSync(join('docs', name), 'utf8'))
      .join('\n');
    const rows = pages.matchAll(/^\| ((?:`GATEHOUSE_\w+`,? )+)\| ([^|]*)\|/gm);
    const documented = new Map(
      [...rows].flatMap(([, names = '', text = '']) =>
        [...names.matchAll(/\w+/g)].map(([name]) => [name, text.trim()] as const),
      ),
    );
    expect([...documented.keys()].sort()).toEqual(Object.keys(SETTINGS.shape).sort());
    const written = Object.entries(SETTINGS.shape).flatMap(([name, schema]) =>
      schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault
        ? [[name, schema.def.defaultValue] as const]
        : [],
    );
    expect(written.length).toBeGreaterThan(9);
    for (const [name, text] of written)
      expect(documented.get(name), name).toBe(text === '' ? '' : `\`${text}\``);
  });

  it('count as not set when they are empty', () => {
    expect(readConfig({ GATEHOUSE_LISTEN: '  ' }).port).toBe(8787);
  });

  it.each([
    ['GATEHOUSE_FINGERPRINT_HEADER', 'Cookie'],
    ['GATEHOUSE_FINGERPRINT_HEADER', 'Api-Key'],
    ['GATEHOUSE_FINGERPRINT_HEADER', 'X-Forwarded-For'],
    ['GATEHOUSE_FINGERPRINT_HEADER', 'no header'],
    ['GATEHOUSE_LISTEN', '8787'],
    ['GATEHOUSE_LISTEN', '127.0.0.1:99999'],
    ['GATEHOUSE_OWNER_EMAIL', 'nobody'],
    ['GATEHOUSE_OWNER_TOKEN', 'too-short'],
    ['GATEHOUSE_OWNER_TOKEN', 'long enough but with spaces in it'],
    ['GATEHOUSE_TRUSTED_PROXIES', '10.0.0.0/8, proxy.example'],
    ['GATEHOUSE_TRUSTED_PROXIES', '0.0.0.0/0'],
    ['GATEHOUSE_KEY_HEADERS', 'api key'],
    ['GATEHOUSE_IMPACT_WINDOW', 'never'],
    ['GATEHOUSE_FOLD_WINDOW', '60'],
    ['GATEHOUSE_FOLD_WINDOW', '0s'],
    ['GATEHOUSE_PUBLIC_URL', 'gatehouse.example'],
    ['GATEHOUSE_PUBLIC_URL', 'ftp://gatehouse.example'],
    ['GATEHOUSE_ON_ERROR', 'shrug'],
    ['GATEHOUSE_ECHO_IP', 'maybe'],
    ['GATEHOUSE_DATABASE_URL', 'mysql://localhost/gatehouse'],
    ['GATEHOUSE_DATABASE_URL', 'postgres://user:100%@localhost/gatehouse'],
    ['GATEHOUSE_DATABASE_URL', 'postgres://user:p/q@localhost/gatehouse'],
  ])('%s=%s is refused with a sentence that names the variable', (variable, value) => {
    expect(() => readConfig({ [variable]: value })).toThrow(SettingError);
    expect(() => readConfig({ [variable]: value })).toThrow(new RegExp(`^${variable}: .{10,}`));
  });

  it('read trusted proxies in any spelling', () => {
    const { trustedProxies } = readConfig({
      GATEHOUSE_TRUSTED_PROXIES: 'loopback, 10/8, 192.168.1.*, 2001:DB8::/32',
    });
    expect(trustedProxies.map(formatCidr)).toEqual([
      '127.0.0.0/8',
      '::1/128',
      '10.0.0.0/8',
      '192.168.1.0/24',
      '2001:db8::/32',
    ]);
    expect(readConfig({ GATEHOUSE_TRUSTED_PROXIES: 'none' }).trustedProxies).toEqual([]);
  });

  it('read addresses to listen on', () => {
    expect(parseListen('[::1]:0')).toEqual({ host: '::1', port: 0 });
    expect(parseListen('localhost:80')).toEqual({ host: 'localhost', port: 80 });
  });

  it('read durations with their unit', () => {
    expect([
      parseDurationMs('3s'),
      parseDurationMs('500ms'),
      parseDurationMs('1.5h'),
      parseDurationMs('30d'),
    ]).toEqual([3000, 500, 5_400_000, 2_592_000_000]);
  });

  it('take the trailing slash off the public URL and escape what could end a header or a JSON text', () => {
    expect(readConfig({ GATEHOUSE_PUBLIC_URL: 'https://gate.example/a"b/' }).publicUrl).toBe(
      'https://gate.example/a%22b',
    );
  });

  it('read the paths of data files, relative ones from the working folder', () => {
    const config = readConfig({
      GATEHOUSE_COUNTRY_MMDB: ' data/country.mmdb ',
      GATEHOUSE_ASN_MMDB: resolve('/data/asn.mmdb'),
      GATEHOUSE_BLOCKLISTS: 'lists, /data/drop.txt,,lists ,',
    });
    expect(config).toMatchObject({
      countryMmdb: resolve('data/country.mmdb'),
      asnMmdb: resolve('/data/asn.mmdb'),
      blocklists: [resolve('lists'), resolve('/data/drop.txt')],
    });
  });
});
