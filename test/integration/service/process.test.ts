import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failToStart, startServiceProcess, type ServiceProcess } from '#test/support/service/service-process';
import { httpCall, type Answer, type CallOptions } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const TOKEN = 'process-test-token-012345';

describe('the service as a process', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = makeTempDir('process');
  });
  afterEach(() => removeTempDir(dataDir));

  const env = (more: Record<string, string> = {}): Record<string, string> => ({
    GATEHOUSE_DATA_DIR: dataDir,
    GATEHOUSE_LISTEN: '127.0.0.1:0',
    GATEHOUSE_OWNER_TOKEN: TOKEN,
    ...more,
  });
  const api = (service: ServiceProcess, path: string, options: CallOptions = {}): Promise<Answer> =>
    httpCall(`${service.url}${path}`, {
      ...options,
      headers: { authorization: `Bearer ${TOKEN}`, ...options.headers },
    });

  it('makes the first account and a token file that only its user can read', async () => {
    const service = await startServiceProcess(
      env({ GATEHOUSE_OWNER_TOKEN: '', GATEHOUSE_OWNER_EMAIL: 'admin@example.com' }),
    );
    const file = join(dataDir, 'owner-token.txt');
    const token = readFileSync(file, 'utf8').trim();
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    const answer = await httpCall(`${service.url}/v1/account`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.json).toMatchObject({ me: { email: 'admin@example.com', role: 'owner' } });
    expect(await service.stop()).toBe(0);
  });

  it.each([
    ['GATEHOUSE_LISTEN', 'everywhere'],
    ['GATEHOUSE_FOLD_WINDOW', 'soon'],
    ['GATEHOUSE_DATABASE_URL', 'postgres://localhost/x'],
  ])('does not start with %s=%s, and says so in one sentence', async (variable, value) => {
    const { code, stderr } = await failToStart(env({ [variable]: value }));
    expect(code).toBe(1);
    expect(stderr.trim()).toMatch(new RegExp(`^${variable}: [^\\n]+$`));
  });

  it('does not start on a port that is in use, nor on a data folder that is', async () => {
    const service = await startServiceProcess(env());
    const host = new URL(service.url).host;
    const other = makeTempDir('process-other');
    expect((await failToStart(env({ GATEHOUSE_LISTEN: host, GATEHOUSE_DATA_DIR: other }))).stderr).toContain(
      `${host} is in use`,
    );
    expect((await failToStart(env())).stderr).toContain(`${dataDir} is in use`);
    removeTempDir(other);
    await service.stop();
  });

  it('never writes a key, a token or a forwarded header to its log', async () => {
    const service = await startServiceProcess(env());
    const { secret } = (await api(service, '/v1/keys', { body: { name: 'k' } })).json as { secret: string };
    await httpCall(`${service.url}/v1/check`, {
      headers: { 'api-key': secret, 'x-forwarded-for': 'rubbish-in-header' },
    });
    await httpCall(`${service.url}/v1/account`, {
      headers: { authorization: 'Bearer wrong-wrong-wrong-wrong' },
    });
    await service.stop();
    const log = service.log();
    for (const text of [secret, TOKEN, 'wrong-wrong', 'rubbish-in-header']) expect(log).not.toContain(text);
    expect(log).toContain('service.started');
  });
});
