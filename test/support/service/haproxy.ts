import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { freePort, isProgram, shippedFile, startProxyProgram, type ProxyKind } from './proxy';

/** A real HAProxy with the files of resources/deploy/haproxy. */
export const haproxy: ProxyKind = {
  name: 'HAProxy',
  isInstalled: () => isProgram('haproxy', '-v'),
  unavailableStatus: 503,
  start: async (plan) => {
    const dir = makeTempDir('haproxy');
    const port = await freePort();
    const socket = join(dir, 'socket');
    const host = plan.host ?? '127.0.0.1';
    writeFileSync(
      join(dir, 'gatehouse.lua'),
      shippedFile('haproxy/gatehouse.lua', {
        'http://127.0.0.1:8787': `http://${plan.service}`,
        ...(plan.serviceTimeoutMs !== undefined && {
          'TIMEOUT_MS = 1500': `TIMEOUT_MS = ${plan.serviceTimeoutMs}`,
        }),
      }),
    );
    writeFileSync(
      join(dir, 'example.cfg'),
      shippedFile('haproxy/example.cfg', {
        'lua-load-per-thread resources/deploy/haproxy/gatehouse.lua': `lua-load-per-thread ${join(dir, 'gatehouse.lua')}`,
        'bind 127.0.0.1:8080': `bind ${host}:${port}${host === '[::]' ? ' v4v6' : ''}${plan.tls === undefined ? '' : ` ssl crt ${plan.tls}`}${
          plan.socket ? `\n    bind ${socket} ${plan.socket.bindOptions ?? ''}` : ''
        }`,
        'global\n': ['global', ...(plan.extraLines ?? []), ''].join('\n'),
        'server api 127.0.0.1:3000': `server api ${plan.api}`,
        ...(plan.balancers !== undefined && {
          '#acl is_balancer src 10.0.0.0/8': `acl is_balancer src ${plan.balancers}`,
          '    acl is_balancer always_false\n': '',
        }),
        ...(plan.tls !== undefined && {
          '#tune.ssl.capture-buffer-size': 'tune.ssl.capture-buffer-size',
          '#http-request set-var-fmt': 'http-request set-var-fmt',
        }),
        ...(plan.authorization !== undefined && { '^bearer +[!-~]': plan.authorization }),
        ...(plan.appOrigin !== undefined && {
          '#acl is_app req.fhdr(origin) https://app.example.com': `acl is_app req.fhdr(origin) ${plan.appOrigin}`,
          '    acl is_app always_false\n': '',
        }),
      }),
    );
    return startProxyProgram({
      program: 'haproxy',
      args: ['-db', '-f', join(dir, 'example.cfg')],
      host,
      port,
      socket,
      cleanUp: () => removeTempDir(dir),
    });
  },
};
