import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { freePort, isProgram, shippedFile, startProxyProgram, type ProxyKind } from './proxy';

/** A real Caddy with the files of resources/deploy/caddy. */
export const caddy: ProxyKind = {
  name: 'Caddy',
  isInstalled: () => isProgram('caddy', 'version'),
  unavailableStatus: 502,
  start: async (plan) => {
    const dir = makeTempDir('caddy');
    const port = await freePort();
    const host = plan.host ?? '127.0.0.1';
    const checkPort = await freePort();
    const socket = join(dir, 'socket');
    const trusted = `trusted_proxies ${plan.balancers ?? ''}`;
    writeFileSync(
      join(dir, 'gatehouse.caddy'),
      shippedFile('caddy/gatehouse.caddy', {
        ':8786': `:${checkPort}`,
        'reverse_proxy 127.0.0.1:8787': `reverse_proxy ${plan.service}`,
        ...(plan.appOrigin !== undefined && {
          '#import gatehouse_cors': 'import gatehouse_cors',
          'https://app.example.com': plan.appOrigin,
        }),
        ...(plan.authorization !== undefined && {
          '^bearer\\x20+[!-~]': plan.authorization.replaceAll(' ', '\\x20'),
        }),
        ...(plan.balancers !== undefined && { '#trusted_proxies 10.0.0.0/8': trusted }),
        ...(plan.serviceTimeoutMs !== undefined && {
          'response_header_timeout 5s': `response_header_timeout ${plan.serviceTimeoutMs}ms`,
        }),
      }),
    );
    writeFileSync(
      join(dir, 'Caddyfile'),
      shippedFile('caddy/Caddyfile', {
        'http://:8080': `http://:${port}`,
        'bind 127.0.0.1': `bind ${host.replaceAll(/[[\]]/g, '')}${plan.socket ? ` unix/${socket}` : ''}`,
        'reverse_proxy 127.0.0.1:3000': `reverse_proxy ${plan.api}`,
        ...(plan.balancers !== undefined && { '#trusted_proxies 10.0.0.0/8': trusted }),
      }),
    );
    return startProxyProgram({
      program: 'caddy',
      args: ['run', '--config', join(dir, 'Caddyfile')],
      host,
      port,
      socket,
      // Caddy would otherwise write into the developer's own folders.
      env: { XDG_CONFIG_HOME: join(dir, 'config'), XDG_DATA_HOME: join(dir, 'data') },
      cleanUp: () => removeTempDir(dir),
    });
  },
};
