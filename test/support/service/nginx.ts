import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { waitFor } from '../wait-for';

const DEPLOY = join(import.meta.dirname, '../../../resources/deploy/nginx');

export const hasNginx = (): boolean => spawnSync('nginx', ['-v'], { stdio: 'ignore' }).status === 0;

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

export interface TestNginx {
  /** The protected API as its clients see it. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The shipped file with the example's addresses replaced by this test's. Each replacement has to hit. */
const adapted = (file: string, replacements: Readonly<Record<string, string>>): string => {
  let text = readFileSync(join(DEPLOY, file), 'utf8');
  for (const [from, to] of Object.entries(replacements)) {
    if (!text.includes(from)) throw new Error(`${file} does not contain "${from}"`);
    text = text.replaceAll(from, to);
  }
  return text;
};

/**
 * A real nginx with the files of resources/deploy/nginx, in front of an API of the test's own. Loopback stands for the
 * load balancer, so that a test can name the caller in X-Forwarded-For.
 */
export const startNginx = async (serviceUrl: string, apiUrl: string): Promise<TestNginx> => {
  const dir = makeTempDir('nginx');
  const port = await freePort();
  const conf = join(dir, 'conf');
  mkdirSync(conf);
  writeFileSync(
    join(conf, 'gatehouse-http.conf'),
    adapted('gatehouse-http.conf', { '127.0.0.1:8787': new URL(serviceUrl).host }),
  );
  writeFileSync(join(conf, 'gatehouse-server.conf'), adapted('gatehouse-server.conf', {}));
  const behindBalancer =
    'set_real_ip_from 127.0.0.0/8; real_ip_header X-Forwarded-For; real_ip_recursive on;';
  const main = adapted('example.conf', {
    '/tmp/gatehouse-nginx': join(dir, 'nginx'),
    '127.0.0.1:8080': `127.0.0.1:${port}`,
    'http://127.0.0.1:3000': apiUrl,
    'include gatehouse-server.conf;': `${behindBalancer} include gatehouse-server.conf;`,
  });
  writeFileSync(join(conf, 'nginx.conf'), main);
  const errors: string[] = [];
  const child: ChildProcess = spawn('nginx', ['-p', dir, '-c', join(conf, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await waitFor('nginx to listen', () => {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${errors.join('')}`);
    return answers(port);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      removeTempDir(dir);
    },
  };
};
