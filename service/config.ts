import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { parseRangeText, type Cidr } from '#shared/ip/index';
import { parseMailFrom, parseSmtpUrl, type MailAddress, type SmtpSettings } from './mail/settings';

/** Everything that can be set. All of it has defaults (docs/behaviour.md 6). */
export interface ServiceConfig {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** The PostgreSQL database; undefined: SQLite in `dataDir`. It may hold a password. */
  readonly databaseUrl: string | undefined;
  readonly ownerEmail: string;
  /** The first owner's access token, for an empty database; undefined when one is to be made. */
  readonly ownerToken: string | undefined;
  readonly trustedProxies: readonly Cidr[];
  /** Where a key is looked for: names of headers in lower case, and `basic` for the user name of HTTP Basic. */
  readonly keyHeaders: readonly string[];
  /** The one header in which trusted proxies name the caller, in lower case. */
  readonly clientHeader: string;
  readonly foldWindowMs: number;
  /** How long the log is kept. */
  readonly retentionMs: number;
  readonly learningWindowMs: number;
  /** Undefined: the address that the service listens on. */
  readonly publicUrl: string | undefined;
  readonly onError: 'deny' | 'allow';
  readonly echoIp: boolean;
  /** MMDB files with countries and networks; undefined: the usual ones are looked for. */
  readonly countryMmdb: string | undefined;
  readonly asnMmdb: string | undefined;
  /** Text files with addresses that never get in by themselves, and folders of them. */
  readonly blocklists: readonly string[];
  /** Undefined: messages become files. It may hold a password. */
  readonly smtp: SmtpSettings | undefined;
  /** Undefined: `gatehouse@` the public host. */
  readonly mailFrom: MailAddress | undefined;
}

/** A setting has a value that cannot be used; the message names the variable. */
export class SettingError extends Error {
  constructor(
    readonly variable: string,
    message: string,
  ) {
    super(`${variable}: ${message}`);
    this.name = 'SettingError';
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads one variable; empty counts as not set. */
const read = <T>(env: Environment, variable: string, fallback: T, parse: (text: string) => T): T => {
  const text = env[variable]?.trim();
  if (text === undefined || text === '') return fallback;
  try {
    return parse(text);
  } catch (error) {
    throw new SettingError(variable, error instanceof Error ? error.message : String(error));
  }
};

const fail = (message: string): never => {
  throw new Error(message);
};

const MAX_PORT = 65_535;

/** `host:port`, with IPv6 hosts in brackets. */
export const parseListen = (text: string): { host: string; port: number } => {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]/]+)):(\d{1,5})$/.exec(text);
  const port = Number(parts?.[3]);
  const host = parts?.[1] ?? parts?.[2];
  if (host === undefined || port > MAX_PORT) {
    return fail(`"${text}" is not host:port, like 127.0.0.1:8787 or [::1]:8787`);
  }
  return { host, port };
};

const DURATION_UNITS_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const isUnit = (text: string | undefined): text is keyof typeof DURATION_UNITS_MS =>
  text !== undefined && Object.hasOwn(DURATION_UNITS_MS, text);

/** `60s`, `90d`, `500ms`: a positive number with its unit, as milliseconds. */
export const parseDurationMs = (text: string): number => {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const milliseconds = isUnit(unit) ? Number(amount) * DURATION_UNITS_MS[unit] : 0;
  return milliseconds > 0 && Number.isSafeInteger(Math.round(milliseconds))
    ? Math.round(milliseconds)
    : fail(`"${text}" is not a duration, like 60s, 15m, 12h or 30d`);
};

const DAY_MS = DURATION_UNITS_MS.d;

/** At most a day: the log looks for a time's attempts among the ids of that time, give or take a day. */
const parseFoldWindowMs = (text: string): number => {
  const milliseconds = parseDurationMs(text);
  return milliseconds <= DAY_MS ? milliseconds : fail(`"${text}" is longer than a day`);
};

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** Comma-separated ranges in any spelling, `loopback`, or `none`. */
export const parseTrustedProxies = (text: string): readonly Cidr[] => {
  if (text === 'none') return [];
  return text.split(',').flatMap((part) => {
    const entry = part.trim();
    const texts = entry === 'loopback' ? LOOPBACK : [entry];
    return texts.flatMap((rangeText) => {
      // Wide ranges of one's own network are usual here; a list that trusts everybody is a mistake.
      const parsed = parseRangeText(rangeText, { allowWide: true });
      if (!parsed.ok) return fail(parsed.error.message);
      if (parsed.cidrs.some((cidr) => cidr.prefixLength === 0)) {
        return fail(`"${entry}" would trust every address, and any caller could choose its own`);
      }
      return [...parsed.cidrs];
    });
  });
};

const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;

const parseHeaderName = (text: string): string => {
  const name = text.trim().toLowerCase();
  return HEADER_NAME.test(name) ? name : fail(`"${text.trim()}" is not the name of a header`);
};

const parseKeyHeaders = (text: string): readonly string[] => text.split(',').map(parseHeaderName);

const parseClientHeader = (text: string): string => {
  const name = parseHeaderName(text);
  return name === 'forwarded'
    ? fail('"Forwarded" is not understood; name a header that holds addresses, like X-Forwarded-For')
    : name;
};

const parseChoice =
  <T extends string>(choices: Readonly<Record<string, T>>) =>
  (text: string): T =>
    choices[text.toLowerCase()] ?? fail(`"${text}" is none of ${Object.keys(choices).join(', ')}`);

const parseUrl = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return fail(`"${text}" is not an http or https URL`);
  }
  return url.href.replace(/\/+$/, '');
};

/** The messages repeat nothing of the text: it may hold a password. */
const parseDatabaseUrl = (text: string): string => {
  if (!/^postgres(ql)?:\/\//.test(text)) {
    return fail('this is not a PostgreSQL URL, like postgres://user:password@host:5432/database');
  }
  try {
    decodeURI(text);
    new URL(text);
  } catch {
    return fail(
      'this URL cannot be read; characters like @ : / # % in a user name or password are written in percent form',
    );
  }
  return text;
};

const MIN_TOKEN_LENGTH = 20;

const parseToken = (text: string): string =>
  /^[\x21-\x7e]+$/.test(text) && text.length >= MIN_TOKEN_LENGTH
    ? text
    : fail(`an access token has at least ${MIN_TOKEN_LENGTH} characters and no spaces`);

const parsePath = (text: string): string => resolve(text);

const parsePaths = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map(parsePath),
  ),
];

const parseEmail = (text: string): string =>
  z.email().safeParse(text).success ? text : fail(`"${text}" is not an e-mail address`);

/** Where each system keeps the data of programs. */
const defaultDataDir = (env: Environment, platform: NodeJS.Platform): string => {
  switch (platform) {
    case 'win32':
      return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Gatehouse', 'service');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Gatehouse', 'service');
    default:
      return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'gatehouse', 'service');
  }
};

/**
 * Reads the settings from the environment.
 * @throws SettingError naming the first variable whose value cannot be used.
 */
export const readConfig = (env: Environment, platform: NodeJS.Platform = process.platform): ServiceConfig => {
  return {
    ...read(env, 'GATEHOUSE_LISTEN', { host: '127.0.0.1', port: 8787 }, parseListen),
    dataDir: read(env, 'GATEHOUSE_DATA_DIR', defaultDataDir(env, platform), String),
    databaseUrl: read<string | undefined>(env, 'GATEHOUSE_DATABASE_URL', undefined, parseDatabaseUrl),
    ownerEmail: read(env, 'GATEHOUSE_OWNER_EMAIL', 'owner@localhost', parseEmail),
    ownerToken: read<string | undefined>(env, 'GATEHOUSE_OWNER_TOKEN', undefined, parseToken),
    trustedProxies: read(
      env,
      'GATEHOUSE_TRUSTED_PROXIES',
      parseTrustedProxies('loopback'),
      parseTrustedProxies,
    ),
    keyHeaders: read(
      env,
      'GATEHOUSE_KEY_HEADERS',
      ['api-key', 'x-api-key', 'authorization'],
      parseKeyHeaders,
    ),
    clientHeader: read(env, 'GATEHOUSE_CLIENT_HEADER', 'x-forwarded-for', parseClientHeader),
    foldWindowMs: read(env, 'GATEHOUSE_FOLD_WINDOW', 60_000, parseFoldWindowMs),
    retentionMs: read(env, 'GATEHOUSE_RETENTION', 90 * DAY_MS, parseDurationMs),
    learningWindowMs: read(env, 'GATEHOUSE_LEARNING_WINDOW', 30 * 86_400_000, parseDurationMs),
    publicUrl: read<string | undefined>(env, 'GATEHOUSE_PUBLIC_URL', undefined, parseUrl),
    onError: read(env, 'GATEHOUSE_ON_ERROR', 'deny', parseChoice({ deny: 'deny', allow: 'allow' })),
    echoIp: read(env, 'GATEHOUSE_ECHO_IP', 'on', parseChoice({ on: 'on', off: 'off' })) === 'on',
    countryMmdb: read<string | undefined>(env, 'GATEHOUSE_COUNTRY_MMDB', undefined, parsePath),
    asnMmdb: read<string | undefined>(env, 'GATEHOUSE_ASN_MMDB', undefined, parsePath),
    blocklists: read(env, 'GATEHOUSE_BLOCKLISTS', [], parsePaths),
    smtp: read<SmtpSettings | undefined>(env, 'GATEHOUSE_SMTP_URL', undefined, parseSmtpUrl),
    mailFrom: read<MailAddress | undefined>(env, 'GATEHOUSE_MAIL_FROM', undefined, parseMailFrom),
  };
};
