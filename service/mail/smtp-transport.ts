import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import { createTransport } from 'nodemailer';
import type { SmtpSettings } from './settings';
import type { MailTransport } from './transport';

const CONNECT_TIMEOUT_MS = 10_000;
/** A server may think for a while about a message (RFC 5321 4.5.3.2 allows minutes); longer than this is no answer. */
const SILENCE_TIMEOUT_MS = 45_000;
const MAX_CONNECTIONS = 2;

/** Sends by SMTP. Connections are kept and used again; certificates are always verified. */
export const createSmtpTransport = (settings: SmtpSettings): MailTransport => {
  const { host, port, tls, credentials, ca } = settings;
  const transporter = createTransport({
    pool: true,
    host,
    port,
    secure: tls === 'implicit',
    // An upgrade that somebody on the way takes out of the conversation must not lead to plain text.
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'off',
    ...(credentials && { auth: { user: credentials.user, pass: credentials.password } }),
    // Node takes what is left out from the environment: NODE_TLS_REJECT_UNAUTHORIZED=0 would switch the check off.
    tls: {
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(isIP(host) === 0 && { servername: host }),
      ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
    },
    maxConnections: MAX_CONNECTIONS,
    // The queue tries again; a second try inside the library would not be seen by it.
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
};
