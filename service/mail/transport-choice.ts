import { createFileTransport } from './file-transport';
import type { SmtpSettings } from './settings';
import { createSmtpTransport } from './smtp-transport';
import type { MailTransport } from './transport';

/** By SMTP where a server is set, else as files in the data folder, so that nothing is lost. */
export const createMailTransport = ({
  smtp,
  dataDir,
}: {
  readonly smtp: SmtpSettings | undefined;
  readonly dataDir: string;
}): MailTransport => (smtp === undefined ? createFileTransport(dataDir) : createSmtpTransport(smtp));
