import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { waitFor } from '../wait-for';
import { ordinaryUser } from './postgres';
import { answers, freePort, isProgram } from './proxy';

/** Debian puts it where ordinary users do not look. */
const PROGRAM = '/usr/sbin/pgbouncer';

export function hasPgBouncer(): boolean {
  return isProgram(PROGRAM, '--version');
}

export interface TestPooler {
  /** Returns the URL of a database through the pooler. */
  through(databaseUrl: string): string;
  stop(): Promise<void>;
}

/** Starts a real PgBouncer in transaction mode, with its own defaults beside that, in front of the server at `serverUrl`. */
export async function startPgBouncer(serverUrl: string): Promise<TestPooler> {
  const dir = makeTempDir('pgbouncer');
  const port = await freePort();
  const { hostname, port: serverPort, username } = new URL(serverUrl);
  const file = join(dir, 'pgbouncer.ini');
  const users = join(dir, 'userlist.txt');
  writeFileSync(users, `"${username}" ""\n`);
  writeFileSync(
    file,
    [
      '[databases]',
      `* = host=${hostname} port=${serverPort}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = trust',
      `auth_file = ${users}`,
      'pool_mode = transaction',
      '',
    ].join('\n'),
  );
  const user = ordinaryUser();
  if (user.uid !== undefined && user.gid !== undefined) {
    for (const path of [dir, file, users]) chownSync(path, user.uid, user.gid);
  }
  const output: string[] = [];
  const child = spawn(PROGRAM, [file], { ...user, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  }
  const exited = once(child, 'exit');
  await waitFor('PgBouncer to listen', () => {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended: ${output.join('')}`);
    return answers('127.0.0.1', port);
  });
  return {
    through: (databaseUrl) => {
      const url = new URL(databaseUrl);
      url.host = `127.0.0.1:${port}`;
      return url.href;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      removeTempDir(dir);
    },
  };
}
