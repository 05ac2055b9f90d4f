import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempDir, removeTempDir } from '../temp-dir';
import {
  freePort,
  isProgram,
  shippedFile,
  startProxyProgram,
  type ProxyKind,
  type ProxyPlan,
  type TestProxy,
} from './proxy';

export { freePort };
export type TestNginx = TestProxy;

export function hasNginx(): boolean {
  return isProgram('nginx', '-v');
}

function listenOf(host: NonNullable<ProxyPlan['host']>, port: number): string {
  return `listen ${host}:${port}${host === '[::]' ? ' ipv6only=off' : ''};`;
}

async function start(plan: ProxyPlan): Promise<TestProxy> {
  const dir = makeTempDir('nginx');
  // Started by root, nginx runs as another user, who has to reach the folder of its temporary files.
  chmodSync(dir, 0o755);
  const port = await freePort();
  const host = plan.host ?? '127.0.0.1';
  const socket = join(dir, 'socket');
  const conf = join(dir, 'conf');
  mkdirSync(conf);
  const write = (file: string, replacements: Readonly<Record<string, string>>): void =>
    writeFileSync(join(conf, file), shippedFile(`nginx/${file}`, replacements));

  write('gatehouse-http.conf', {
    '127.0.0.1:8787': plan.service,
    ...(plan.authorization !== undefined && { '^bearer +[!-~]': plan.authorization }),
    ...(plan.appOrigin !== undefined && { '#"https://app.example.com"': `"${plan.appOrigin}"` }),
  });
  write('gatehouse-location.conf', {});
  write('gatehouse-server.conf', {
    ...(plan.balancers !== undefined && {
      '#set_real_ip_from  10.0.0.0/8;': `set_real_ip_from ${plan.balancers};`,
      '#real_ip_header': 'real_ip_header',
      '#real_ip_recursive': 'real_ip_recursive',
    }),
    ...(plan.serviceTimeoutMs !== undefined && {
      'proxy_read_timeout    5s;': `proxy_read_timeout ${plan.serviceTimeoutMs}ms;`,
    }),
  });
  write('example.conf', {
    '/tmp/gatehouse-nginx': join(dir, 'nginx'),
    'access_log off;': ['access_log off;', ...(plan.httpLines ?? [])].join('\n').replace('FOLDER', dir),
    'listen 127.0.0.1:8080;': [
      listenOf(host, port),
      plan.socket ? `listen unix:${socket};` : '',
      ...(plan.extraLines ?? []),
    ].join('\n'),
    'http://127.0.0.1:3000;': [`http://${plan.api};`, ...(plan.locationLines ?? [])].join('\n'),
  });
  return startProxyProgram({
    program: 'nginx',
    args: ['-p', dir, '-c', join(conf, 'example.conf')],
    host,
    port,
    socket,
    cleanUp: () => removeTempDir(dir),
  });
}

export const nginx: ProxyKind = { name: 'nginx', isInstalled: hasNginx, start, unavailableStatus: 503 };

/**
 * Starts a real nginx with the files of resources/deploy/nginx, in front of an API. Loopback is the load balancer, so that
 * a test can name the caller in X-Forwarded-For.
 */
export function startNginx(serviceUrl: string, apiUrl: string): Promise<TestNginx> {
  return start({ service: new URL(serviceUrl).host, api: new URL(apiUrl).host, balancers: '127.0.0.0/8' });
}

/**
 * Starts a real nginx as a load balancer that knows nothing of Gatehouse. It forwards calls to `target` from the address
 * `from`, and appends its caller to X-Forwarded-For. `lines` are added to its location.
 */
export async function startBalancer(
  target: string,
  from: string,
  lines: readonly string[] = [],
): Promise<TestProxy> {
  const dir = makeTempDir('balancer');
  const port = await freePort();
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(dir, name)};`,
  );
  writeFileSync(
    join(dir, 'balancer.conf'),
    `daemon off; pid ${join(dir, 'pid')}; error_log stderr warn; events { }
    http {
      access_log off; ${paths.join(' ')}
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://${target};
          proxy_bind ${from};
          proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
          ${lines.join(' ')}
        }
      }
    }`,
  );
  return startProxyProgram({
    program: 'nginx',
    args: ['-p', dir, '-c', join(dir, 'balancer.conf')],
    host: '127.0.0.1',
    port,
    cleanUp: () => removeTempDir(dir),
  });
}
