import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempDir, removeTempDir } from './temp-dir';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** The file that contains `cert`. */
  readonly file: string;
  readonly keyFile: string;
  remove(): void;
}

/** Returns a self-signed certificate for `names`. */
export function makeCertificate(names = 'DNS:localhost,IP:127.0.0.1'): Certificate {
  const dir = makeTempDir('certificate');
  const keyFile = join(dir, 'key.pem');
  const file = join(dir, 'cert.pem');
  const made = spawnSync(
    'openssl',
    [
      ...['req', '-x509', '-nodes', '-days', '2', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      ...['-subj', '/CN=gatehouse_test', '-addext', `subjectAltName=${names}`],
      ...['-keyout', keyFile, '-out', file],
    ],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`);
  return {
    key: readFileSync(keyFile, 'utf8'),
    cert: readFileSync(file, 'utf8'),
    file,
    keyFile,
    remove: () => removeTempDir(dir),
  };
}

export interface Authority {
  /** The file with its certificate. */
  readonly file: string;
  /** Returns a certificate for `names` that this authority has signed. */
  issue(names: string): { readonly key: string; readonly cert: string };
  remove(): void;
}

export function makeAuthority(): Authority {
  const dir = makeTempDir('authority');
  const at = (name: string): string => join(dir, name);
  const openssl = (args: readonly string[]): void => {
    const made = spawnSync('openssl', args, { encoding: 'utf8', cwd: dir });
    if (made.status !== 0) throw new Error(`openssl ${args[0] ?? ''} failed: ${made.stderr}`);
  };
  const newKey = ['-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  openssl([
    ...['req', '-x509', '-days', '2', ...newKey, '-subj', '/CN=Authority of a test'],
    ...['-keyout', 'ca.key', '-out', 'ca.pem'],
  ]);
  return {
    file: at('ca.pem'),
    issue(names) {
      writeFileSync(at('names.cnf'), `subjectAltName=${names}\n`);
      openssl(['req', '-new', ...newKey, '-subj', '/CN=leaf', '-keyout', 'leaf.key', '-out', 'leaf.csr']);
      openssl([
        ...['x509', '-req', '-days', '2', '-in', 'leaf.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key'],
        ...['-CAcreateserial', '-extfile', 'names.cnf', '-out', 'leaf.pem'],
      ]);
      return { key: readFileSync(at('leaf.key'), 'utf8'), cert: readFileSync(at('leaf.pem'), 'utf8') };
    },
    remove: () => removeTempDir(dir),
  };
}
