import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Certificate } from '../certificate';
import { waitFor } from '../wait-for';

/** A message as the server accepted it. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** True if the connection was encrypted. */
  readonly secure: boolean;
  readonly user: string | undefined;
  readonly raw: string;
  readonly mail: ParsedMail;
}

export interface MailServerOptions {
  readonly port?: number;
  /** `none` does not even offer the upgrade to TLS. */
  readonly tls?: 'none' | 'starttls' | 'implicit';
  readonly certificate?: Certificate;
  /** The credentials that the server demands. */
  readonly login?: { readonly user: string; readonly password: string };
}

export interface TestMailServer {
  readonly port: number;
  readonly received: readonly ReceivedMail[];
  /** Each recipient of a transaction, also if the message was refused afterwards. */
  readonly attempts: readonly string[];
  /** Returns the connections accepted so far. */
  readonly connections: () => number;
  /** The answer to each recipient or message from now on; undefined accepts it. */
  answerRecipient: (address: string) => MailRefusal | undefined;
  answerMessage: (raw: string) => MailRefusal | 'silence' | undefined;
  /** Waits for the message number `count`, counted from one. */
  message(count: number): Promise<ReceivedMail>;
  stop(): Promise<void>;
}

export interface MailRefusal {
  readonly code: number;
  readonly words: string;
}

function errorOf({ code, words }: MailRefusal): Error {
  return Object.assign(new Error(words), { responseCode: code });
}

/** A real SMTP server on loopback with configurable answers. */
export async function startMailServer(options: MailServerOptions = {}): Promise<TestMailServer> {
  const { tls = 'none', certificate, login } = options;
  const received: ReceivedMail[] = [];
  const attempts: string[] = [];
  let connections = 0;
  const disabled = [...(tls === 'none' ? ['STARTTLS'] : []), ...(login === undefined ? ['AUTH'] : [])];

  const settings: SMTPServerOptions = {
    secure: tls === 'implicit',
    ...(certificate && { key: certificate.key, cert: certificate.cert }),
    disabledCommands: disabled,
    authOptional: login === undefined,
    allowInsecureAuth: tls === 'none',
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
    onConnect: (_session, done) => {
      connections += 1;
      done();
    },
    onAuth: (auth, _session, done) => {
      if (auth.username === login?.user && auth.password === login?.password)
        done(null, { user: auth.username });
      else done(errorOf({ code: 535, words: 'Authentication failed' }));
    },
    onRcptTo: ({ address }, _session, done) => {
      attempts.push(address);
      const refusal = server.answerRecipient(address);
      done(refusal === undefined ? null : errorOf(refusal));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        const answer = server.answerMessage(raw);
        if (answer === 'silence') return;
        if (answer !== undefined) {
          done(errorOf(answer));
          return;
        }
        simpleParser(raw).then(
          (mail) => {
            received.push({
              from: session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address,
              to: session.envelope.rcptTo.map(({ address }) => address),
              secure: session.secure,
              user: typeof session.user === 'string' ? session.user : undefined,
              raw,
              mail,
            });
            done();
          },
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
        );
      });
    },
  };
  const smtp = new SMTPServer(settings);
  // Some tests break off connections.
  smtp.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    smtp.server.once('error', reject);
    smtp.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });
  const server: TestMailServer = {
    port: (smtp.server.address() as AddressInfo).port,
    received,
    attempts,
    connections: () => connections,
    answerRecipient: () => undefined,
    answerMessage: () => undefined,
    message: (count) => waitFor(`e-mail number ${count}`, () => received[count - 1]),
    stop: () => new Promise((resolve) => smtp.close(() => resolve())),
  };
  return server;
}
