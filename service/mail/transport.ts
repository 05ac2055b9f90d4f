import { mkdir, open, rename, rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { createTransport } from 'nodemailer';
import { SECOND_MS } from '#shared/durations';
import { closeDataFolder, closeToOthers } from '../private-files';
import type { Message } from './compose';
import type { SmtpSettings } from './settings';

export interface MailTransport {
  /** Resolves when another program holds the message durably. Rejects if it does not, or if that is unknown. */
  send(message: Message, signal: AbortSignal): Promise<void>;
  close(): void;
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot sync folders.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Creates a transport that writes each message as an `.eml` file, which mail programs open, to a folder that only the service's
 * user can read. A file is complete or absent.
 * @throws NotOursError
 */
export function createFileTransport(dataDir: string): MailTransport {
  const folder = join(dataDir, 'mail');
  // A bad folder is reported at the start instead of at the first message.
  closeToOthers(folder);
  return {
    send: async (message) => {
      closeDataFolder(dataDir);
      if (!closeToOthers(folder)) await mkdir(folder, { mode: 0o700 });
      // Files sort by time, and a message that is sent again replaces itself.
      const time = new Date(message.createdAt).toISOString().replaceAll(/[-:]/g, '');
      const file = join(folder, `${time}-${message.id}.eml`);
      const unfinished = `${file}.tmp`;
      try {
        // A killed service may have left the file, or somebody may have put a link there.
        await rm(unfinished, { force: true });
        const handle = await open(unfinished, 'wx', 0o600);
        try {
          await handle.writeFile(message.raw);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(unfinished, file);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
      await syncFolder(folder);
    },
    close: () => undefined,
  };
}

const CONNECT_TIMEOUT_MS = 10 * SECOND_MS;
/** RFC 5321 4.5.3.2 allows minutes, but the queue tries again. */
const SILENCE_TIMEOUT_MS = 45 * SECOND_MS;
const MAX_CONNECTIONS = 2;

/** Creates a transport that sends by SMTP over pooled connections, with verified certificates. */
function createSmtpTransport({ host, port, tls, credentials, ca }: SmtpSettings): MailTransport {
  const transporter = createTransport({
    pool: true,
    host,
    port,
    secure: tls === 'implicit',
    // An attacker who removes the upgrade from the conversation must not get plain text.
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'off',
    ...(credentials && { auth: { user: credentials.user, pass: credentials.password } }),
    // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise switch the verification off.
    tls: {
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(isIP(host) === 0 && { servername: host }),
      ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
    },
    maxConnections: MAX_CONNECTIONS,
    // The queue counts and delays further tries.
    maxRequeues: 0,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    dnsTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ from, to, raw }, signal) => {
      await transporter.sendMail({ envelope: { from, to }, raw, signal });
    },
    close: () => transporter.close(),
  };
}

/** Sends by SMTP if a server is set, else into files of the data folder, so that no message is lost. */
export function createMailTransport({
  smtp,
  dataDir,
}: {
  readonly smtp: SmtpSettings | undefined;
  readonly dataDir: string;
}): MailTransport {
  return smtp === undefined ? createFileTransport(dataDir) : createSmtpTransport(smtp);
}
