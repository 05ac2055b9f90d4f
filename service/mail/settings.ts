import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';
import { isLoopbackHost } from '#shared/ip/loopback';

/** The mail server of `GATEHOUSE_SMTP_URL`. */
export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** `implicit`: TLS from the first byte. `starttls`: the connection is upgraded, or nothing is sent. `off`: plain text. */
  readonly tls: 'implicit' | 'starttls' | 'off';
  readonly credentials: { readonly user: string; readonly password: string } | undefined;
  /** Certificates (PEM) that are trusted besides those of Node. */
  readonly ca: string | undefined;
}

export interface MailAddress {
  /** May be empty. */
  readonly name: string;
  readonly address: string;
}

const SUBMISSION_PORT = 587;
const SMTPS_PORT = 465;

// Messages never quote the text, which may hold a password.
function fail(message: string): never {
  throw new Error(message);
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return fail(`the ${what} has a % that is not followed by two hex digits; write a plain % as %25`);
  }
}

function readCredentials(url: URL): SmtpSettings['credentials'] {
  const user = decoded(url.username, 'user name');
  const password = decoded(url.password, 'password');
  if (user === '' && password === '') return undefined;
  if (user === '' || password === '') return fail('a user name needs a password, and a password a user name');
  return { user, password };
}

function readTls(url: URL, host: string): SmtpSettings['tls'] {
  const mode = url.searchParams.get('tls');
  if (mode !== null && mode !== 'off' && mode !== 'required') return fail('tls can be off or required');
  if (url.protocol === 'smtps:') {
    return mode === 'off' ? fail('smtps cannot have tls=off; write smtp instead') : 'implicit';
  }
  if (mode === 'required') return 'starttls';
  return mode === 'off' || isLoopbackHost(host) ? 'off' : 'starttls';
}

function readCa(file: string | null): string | undefined {
  if (file === null) return undefined;
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    return fail(`ca: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    // An unreadable certificate throws now instead of at the first message.
    new X509Certificate(pem);
    return pem;
  } catch {
    return fail(`ca: the file ${file} has no certificate in PEM form`);
  }
}

/**
 * Reads `smtp://` or `smtps://` with host, optional port, user name and password (percent-encoded), and the parameters `tls=off`,
 * `tls=required` and `ca=<PEM file>`.
 * @throws Error with a sentence that never holds the text itself.
 */
export function parseSmtpUrl(text: string): SmtpSettings {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '') {
    return fail('it is not a URL like smtp://user:password@mail.example.com:587 or smtps://mail.example.com');
  }
  if ((url.pathname !== '' && url.pathname !== '/') || url.hash !== '') {
    return fail('it has something after the host that means nothing here');
  }
  for (const name of url.searchParams.keys()) {
    if (name !== 'tls' && name !== 'ca') return fail(`the parameter "${name}" is none of tls, ca`);
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const tls = readTls(url, host);
  const credentials = readCredentials(url);
  if (tls === 'off' && credentials !== undefined && !isLoopbackHost(host)) {
    return fail('with tls=off the password would cross the network in plain text');
  }
  if (url.port === '0') return fail('there is no port 0');
  return {
    host,
    port: url.port === '' ? (tls === 'implicit' ? SMTPS_PORT : SUBMISSION_PORT) : Number(url.port),
    tls,
    credentials,
    ca: readCa(url.searchParams.get('ca')),
  };
}

/** A local server also takes `gatehouse@localhost`, which zod refuses. */
function isEmail(text: string): boolean {
  return z.email().max(254).safeParse(text).success || /^[a-z0-9._+-]+@localhost$/i.test(text);
}

/** Reads `gatehouse@example.com` or `Gatehouse <gatehouse@example.com>`. @throws Error with a sentence. */
export function parseMailFrom(text: string): MailAddress {
  const named = /^(.*?)\s*<([^<>]*)>$/.exec(text);
  const name = named?.[1]?.replace(/^"(.*)"$/, '$1') ?? '';
  const address = named?.[2] ?? text;
  // These characters could end the header's line or the name.
  if (/[\x00-\x1f\x7f"<>\\]/.test(name)) return fail('the name holds characters that a header cannot');
  return isEmail(address)
    ? { name, address }
    : fail('it is not an address like gatehouse@example.com or Gatehouse <gatehouse@example.com>');
}

/** Returns the sender if none is set: `gatehouse@` the host of the links. */
export function defaultMailFrom(publicUrl: string): MailAddress {
  const { hostname } = new URL(publicUrl);
  const isAddress = isIP(hostname) !== 0 || hostname.startsWith('[');
  return { name: 'Gatehouse', address: `gatehouse@${isAddress ? 'localhost' : hostname}` };
}
