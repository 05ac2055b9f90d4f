import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#shared/durations';
import { parseRangeText, type Cidr } from '#shared/ip/index';
import { parseMailFrom, parseSmtpUrl } from './mail/settings';

/** Thrown for a setting with an unusable value; the message names the variable. */
export class SettingError extends Error {
  constructor(variable: string, message: string) {
    super(`${variable}: ${message}`);
    this.name = 'SettingError';
  }
}

const MAX_PORT = 65_535;
const MIN_TOKEN_LENGTH = 20;
/** The default grace where other processes can take over. Load balancers ask for readiness every few seconds. */
const STOP_GRACE_MS = 5 * SECOND_MS;
const LOOPBACK = ['127.0.0.0/8', '::1/128'];
const DURATION_UNITS_MS = { ms: 1, s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const;

/** Makes a schema of a function that reads a text. The message of its error becomes the schema's. */
function readWith<T>(parse: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
      return z.NEVER;
    }
  });
}

function isNoneOf(choices: string) {
  return ({ input }: { readonly input?: unknown }): string => `"${String(input)}" is none of ${choices}`;
}

const list = z.string().transform((text) => text.split(',').map((part) => part.trim()));
const path = z.string().transform((text) => resolve(text));
const durationMs = readWith(parseDurationMs);
const durationMsOrOff = readWith((text) => (text === 'off' ? null : parseDurationMs(text)));
const headerName = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9!#$%&'*+.^_`|~-]+$/, {
    error: ({ input }) => `"${String(input)}" is not the name of a header`,
  });

/** The settings of docs/behaviour.md 6, with their defaults. Messages never quote a value that may hold a password. */
export const SETTINGS = z.object({
  GATEHOUSE_LISTEN: readWith(parseListen).prefault('127.0.0.1:8787'),
  GATEHOUSE_DATA_DIR: z.string(),
  GATEHOUSE_DATABASE_URL: readWith(parseDatabaseUrl).optional(),
  GATEHOUSE_DATABASE_DIRECT_URL: readWith(parseDatabaseUrl).optional(),
  GATEHOUSE_OWNER_EMAIL: z
    .email({ error: ({ input }) => `"${String(input)}" is not an e-mail address` })
    .default('owner@localhost'),
  GATEHOUSE_OWNER_TOKEN: z
    .string()
    .regex(
      new RegExp(`^[\\x21-\\x7e]{${MIN_TOKEN_LENGTH},}$`),
      `an access token has at least ${MIN_TOKEN_LENGTH} characters and no spaces`,
    )
    .optional(),
  GATEHOUSE_TRUSTED_PROXIES: readWith(parseTrustedProxies).prefault('loopback'),
  GATEHOUSE_CLIENT_HEADER: headerName
    .refine(
      (name) => name !== 'forwarded',
      '"Forwarded" is not understood; name a header that holds addresses, like X-Forwarded-For',
    )
    .prefault('x-forwarded-for'),
  GATEHOUSE_FINGERPRINT_HEADER: headerName
    .refine(
      (name) => !['authorization', 'proxy-authorization', 'cookie'].includes(name),
      'this header holds secrets; name one that your proxy sets',
    )
    .optional(),
  GATEHOUSE_KEY_HEADERS: list.pipe(z.array(headerName)).prefault('api-key, x-api-key, authorization'),
  GATEHOUSE_LEARNING_WINDOW: durationMs.prefault('30d'),
  // The log searches the ids of a time give or take a day (`LONGEST_WINDOW_MS`), so that no window may be longer.
  GATEHOUSE_FOLD_WINDOW: durationMs
    .refine((ms) => ms <= DURATION_UNITS_MS.d, 'it is longer than a day')
    .prefault('60s'),
  GATEHOUSE_IMPACT_WINDOW: durationMsOrOff.prefault('1d'),
  GATEHOUSE_RETENTION: durationMs.prefault('90d'),
  GATEHOUSE_CHECK_TIMEOUT: durationMs.prefault('1s'),
  GATEHOUSE_STALE_POLICY: durationMsOrOff.prefault('15m'),
  GATEHOUSE_STOP_GRACE: durationMsOrOff.optional(),
  GATEHOUSE_SMTP_URL: readWith(parseSmtpUrl).optional(),
  GATEHOUSE_MAIL_FROM: readWith(parseMailFrom).optional(),
  GATEHOUSE_PUBLIC_URL: readWith(parseUrl).optional(),
  GATEHOUSE_COUNTRY_MMDB: path.optional(),
  GATEHOUSE_ASN_MMDB: path.optional(),
  GATEHOUSE_BLOCKLISTS: list
    .transform((paths) => [...new Set(paths.filter((part) => part !== '').map((part) => resolve(part)))])
    .prefault(''),
  GATEHOUSE_SOURCE_PRIVATE: z
    .stringbool({ truthy: ['on'], falsy: ['off'], error: isNoneOf('on, off') })
    .prefault('off'),
  GATEHOUSE_ON_ERROR: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['deny', 'allow'], { error: isNoneOf('deny, allow') }))
    .prefault('deny'),
  GATEHOUSE_ECHO_IP: z
    .stringbool({ truthy: ['on'], falsy: ['off'], error: isNoneOf('on, off') })
    .prefault('on'),
});

const checked = SETTINGS.superRefine((settings, context) => {
  const { GATEHOUSE_FINGERPRINT_HEADER: name, GATEHOUSE_KEY_HEADERS: keyHeaders } = settings;
  if (name === undefined || ![...keyHeaders, settings.GATEHOUSE_CLIENT_HEADER].includes(name)) return;
  context.addIssue({
    code: 'custom',
    path: ['GATEHOUSE_FINGERPRINT_HEADER'],
    message: `"${name}" already holds keys or the caller's address`,
  });
});

function stopGraceMs({
  GATEHOUSE_STOP_GRACE: grace,
  GATEHOUSE_DATABASE_URL,
}: z.output<typeof SETTINGS>): number {
  if (grace !== undefined) return grace ?? 0;
  return GATEHOUSE_DATABASE_URL === undefined ? 0 : STOP_GRACE_MS;
}

const configSchema = checked.transform((settings) => ({
  ...settings.GATEHOUSE_LISTEN,
  dataDir: settings.GATEHOUSE_DATA_DIR,
  /** Undefined means SQLite in `dataDir`. */
  databaseUrl: settings.GATEHOUSE_DATABASE_URL,
  /** Leads to PostgreSQL itself where `databaseUrl` leads to a pooler. */
  databaseDirectUrl: settings.GATEHOUSE_DATABASE_DIRECT_URL,
  ownerEmail: settings.GATEHOUSE_OWNER_EMAIL,
  ownerToken: settings.GATEHOUSE_OWNER_TOKEN,
  trustedProxies: settings.GATEHOUSE_TRUSTED_PROXIES,
  keyHeaders: settings.GATEHOUSE_KEY_HEADERS,
  clientHeader: settings.GATEHOUSE_CLIENT_HEADER,
  /** Undefined means that no proxy tells of TLS clients. */
  fingerprintHeader: settings.GATEHOUSE_FINGERPRINT_HEADER,
  foldWindowMs: settings.GATEHOUSE_FOLD_WINDOW,
  /** Null means that edits are not asked about. */
  impactWindowMs: settings.GATEHOUSE_IMPACT_WINDOW,
  retentionMs: settings.GATEHOUSE_RETENTION,
  learningWindowMs: settings.GATEHOUSE_LEARNING_WINDOW,
  /** The longest time for which a check waits for the database. */
  checkTimeoutMs: settings.GATEHOUSE_CHECK_TIMEOUT,
  /** How long calls are decided by the policy in memory while a shared database is away; null for not at all. */
  stalePolicyMs: settings.GATEHOUSE_STALE_POLICY,
  /** How long a process that is to end still answers. Without a shared database nobody can take over meanwhile. */
  stopGraceMs: stopGraceMs(settings),
  publicUrl: settings.GATEHOUSE_PUBLIC_URL,
  /** True if sources may be fetched from private addresses. */
  sourcePrivate: settings.GATEHOUSE_SOURCE_PRIVATE,
  onError: settings.GATEHOUSE_ON_ERROR,
  echoIp: settings.GATEHOUSE_ECHO_IP,
  countryMmdb: settings.GATEHOUSE_COUNTRY_MMDB,
  asnMmdb: settings.GATEHOUSE_ASN_MMDB,
  blocklists: settings.GATEHOUSE_BLOCKLISTS,
  /** Undefined means that messages become files. */
  smtp: settings.GATEHOUSE_SMTP_URL,
  mailFrom: settings.GATEHOUSE_MAIL_FROM,
}));

export type ServiceConfig = Readonly<z.output<typeof configSchema>>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings from the environment; an empty one counts as not set.
 * @throws SettingError for the first variable with an unusable value.
 */
export function readConfig(env: Environment): ServiceConfig {
  const set = Object.entries(env).flatMap(([name, text]) => {
    const value = text?.trim() ?? '';
    return value === '' ? [] : [[name, value] as const];
  });
  const read = configSchema.safeParse({
    GATEHOUSE_DATA_DIR: defaultDataDir(env),
    ...Object.fromEntries(set),
  });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new SettingError(String(issue?.path[0]), issue?.message ?? '');
}

/** Returns the system's usual folder for the data of programs. */
function defaultDataDir(env: Environment): string {
  switch (process.platform) {
    case 'win32':
      return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Gatehouse', 'service');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Gatehouse', 'service');
    default:
      return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'gatehouse', 'service');
  }
}

/** Reads `host:port`, with IPv6 hosts in brackets. */
export function parseListen(text: string): { host: string; port: number } {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]/]+)):(\d{1,5})$/.exec(text);
  const port = Number(parts?.[3]);
  const host = parts?.[1] ?? parts?.[2];
  if (host === undefined || port > MAX_PORT) {
    throw new Error(`"${text}" is not host:port, like 127.0.0.1:8787 or [::1]:8787`);
  }
  return { host, port };
}

/** Reads a positive number with its unit, such as `60s`, `1.5h` or `500ms`. */
export function parseDurationMs(text: string): number {
  const { amount, unit } = /^(?<amount>\d+(?:\.\d+)?)(?<unit>ms|s|m|h|d)$/.exec(text)?.groups ?? {};
  const milliseconds = Math.round(Number(amount) * DURATION_UNITS_MS[unit as keyof typeof DURATION_UNITS_MS]);
  if (milliseconds > 0 && Number.isSafeInteger(milliseconds)) return milliseconds;
  throw new Error(`"${text}" is not a duration, like 60s, 15m, 12h or 30d`);
}

/** Reads comma-separated ranges in any spelling, `loopback`, or `none`. */
export function parseTrustedProxies(text: string): readonly Cidr[] {
  if (text === 'none') return [];
  return text.split(',').flatMap((part) => {
    const entry = part.trim();
    const texts = entry === 'loopback' ? LOOPBACK : [entry];
    return texts.flatMap((rangeText) => {
      // Trusting a wide network of one's own is usual, but a list that trusts everybody is a mistake.
      const parsed = parseRangeText(rangeText, { allowWide: true });
      if (!parsed.ok) throw new Error(parsed.error.message);
      if (parsed.cidrs.some((cidr) => cidr.prefixLength === 0)) {
        throw new Error(`"${entry}" would trust every address, and any caller could choose its own`);
      }
      return [...parsed.cidrs];
    });
  });
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Error(`"${text}" is not an http or https URL`);
  }
  return url.href.replace(/\/+$/, '');
}

function parseDatabaseUrl(text: string): string {
  if (!/^postgres(ql)?:\/\//.test(text)) {
    throw new Error('this is not a PostgreSQL URL, like postgres://user:password@host:5432/database');
  }
  try {
    decodeURI(text);
    new URL(text);
  } catch {
    throw new Error(
      'this URL cannot be read; characters like @ : / # % in a user name or password are written in percent form',
    );
  }
  return text;
}
