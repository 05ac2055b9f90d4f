import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempDir, removeTempDir } from './temp-dir';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** The file that holds `cert`. */
  readonly file: string;
  readonly keyFile: string;
  remove(): void;
}

/** A certificate for `names` that nobody but itself has signed. */
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
