import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import * as tls from 'node:tls';
import { t } from '#shared/i18n/t';
import { messageOf } from '../text';

export type AuthorityFileResult =
  | { readonly ok: true; readonly certificates: readonly string[] }
  | { readonly ok: false; readonly message: string };

const PEM = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g;
const LARGEST_FILE_BYTES = 8 * 1024 * 1024;

/** Linux distributions keep the system's authorities in one of these files. */
const LINUX_STORES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Newer versions of Node read the system's store on macOS and Windows; see tls.getCACertificates. */
type SystemStore = { readonly getCACertificates?: (type: 'system') => readonly string[] };

/**
 * Reads the certificates of the file in the settings: PEM with any text between, or one in DER. The sentence of a refusal
 * names the setting.
 */
export function readAuthorityFile(path: string): AuthorityFileResult {
  if (!isAbsolute(path)) return refuse(t('network.fileNotFull', { path }));
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return refuse(t('network.fileNotRead', { why: messageOf(error) }));
  }
  if (bytes.length > LARGEST_FILE_BYTES) return refuse(t('network.fileTooLarge', { path }));
  const texts = bytes.toString('latin1').match(PEM) ?? [];
  try {
    const certificates = (texts.length > 0 ? texts : [bytes]).map((each) =>
      new X509Certificate(each).toString(),
    );
    return { ok: true, certificates };
  } catch {
    return refuse(texts.length > 0 ? t('network.fileDamaged', { path }) : t('network.fileEmpty', { path }));
  }
}

function refuse(message: string): AuthorityFileResult {
  return { ok: false, message };
}

/**
 * Trusts the authorities of Node, of the system and of the file in the settings. The list is explicit, so that the
 * environment (NODE_EXTRA_CA_CERTS, SSL_CERT_FILE) adds none.
 */
export function trustWith(more: readonly string[]): tls.SecureContext {
  return tls.createSecureContext({
    ca: [...new Set([...tls.rootCertificates, ...systemAuthorities(), ...more].map((text) => text.trim()))],
    minVersion: 'TLSv1.2',
  });
}

function systemAuthorities(): readonly string[] {
  if (process.platform !== 'linux') return (tls as SystemStore).getCACertificates?.('system') ?? [];
  for (const path of LINUX_STORES) {
    try {
      return readFileSync(path, 'latin1').match(PEM) ?? [];
    } catch {
      // Another distribution has this file.
    }
  }
  return [];
}
