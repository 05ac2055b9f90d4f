import { simpleParser } from 'mailparser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '#shared/domain/entities';
import { startMailServer, type TestMailServer } from '#test/support/service/mail-server';
import { startServiceProcess, type ServiceProcess } from '#test/support/service/service-process';
import { httpCall, type Answer, type CallOptions } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const TOKEN = 'process-test-token-012345';

describe('kill -9 on the way to an e-mail', () => {
  let dataDir: string;
  let smtp: TestMailServer;
  beforeEach(async () => {
    dataDir = makeTempDir('mail-kill');
    smtp = await startMailServer();
  });
  afterEach(async () => {
    await smtp.stop();
    removeTempDir(dataDir);
  });

  const start = (): Promise<ServiceProcess> =>
    startServiceProcess({
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: '127.0.0.1:0',
      GATEHOUSE_OWNER_TOKEN: TOKEN,
      GATEHOUSE_SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
    });
  const api = (service: ServiceProcess, path: string, options: CallOptions = {}): Promise<Answer> =>
    httpCall(`${service.url}${path}`, {
      ...options,
      headers: { authorization: `Bearer ${TOKEN}`, ...options.headers },
    });

  it('loses no review that was opened, and sends what was under way as the same message', async () => {
    const first = await start();
    await api(first, '/v1/account/mode', { method: 'PUT', body: { mode: 'automatic' } });
    const { secret } = (await api(first, '/v1/keys', { body: { name: 'Killed' } })).json as {
      secret: string;
    };
    const ips = [1, 2, 3, 4, 5].map((last) => `198.51.100.${last}`);
    for (const ip of ips) {
      const answer = await httpCall(`${first.url}/v1/check`, {
        headers: { 'api-key': secret, 'x-forwarded-for': ip },
      });
      expect(answer.json).toMatchObject({ reason: 'untrusted' });
    }
    // Asked and answered, but in no message yet.
    await first.kill();
    expect(smtp.attempts).toEqual([]);

    let taken = '';
    smtp.answerMessage = (raw) => {
      taken = raw;
      return 'silence';
    };
    const second = await start();
    await waitFor('the server to have the message', () => taken !== '', 20_000);
    // The server has it, the service does not know.
    await second.kill();

    smtp.answerMessage = () => undefined;
    const third = await start();
    const { mail } = await smtp.message(1);
    for (const ip of ips) expect(mail.text).toContain(ip);
    expect(mail.messageId).toBe((await simpleParser(taken)).messageId);
    expect(((await api(third, '/v1/account')).json as Account).mode).toBe('automatic');
    expect(await third.stop()).toBe(0);
    expect(smtp.received).toHaveLength(1);
  });
});
